package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.ValueType;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Serde;
import io.cachewire.serde.SerdeContractTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** What every serde keeps, for one client of each kind. */
class ForeignSerdeContractTest {
    private abstract static class Contract extends SerdeContractTest {
        private final InteropPreset preset;

        Contract(InteropPreset preset) {
            this.preset = preset;
        }

        @Override
        protected Serde serde() {
            return preset.serde();
        }

        /** Compression by the chain, under a bit that no client has. */
        @Override
        protected FlagScheme scheme() {
            return FlagScheme.builder().zlib(1 << 14).build();
        }

        @Override
        protected List<Sample> samples() {
            return List.of(
                    new Sample("grüße", ValueType.of(String.class)),
                    new Sample(42L, ValueType.of(Long.class)),
                    new Sample(-2.25, ValueType.of(Double.class)),
                    new Sample(true, ValueType.of(Boolean.class)),
                    new Sample(DataBlock.wrap(new byte[] {0, -1, 13, 10}), ValueType.of(DataBlock.class)));
        }

        static List<Sample> withContainers(List<Sample> scalars) {
            List<Sample> all = new java.util.ArrayList<>(scalars);
            all.add(new Sample(List.of(1L, "two", 3.5, List.of()), ValueType.of(List.class)));
            all.add(new Sample(Map.of("id", 17L, "tags", List.of("x")), ValueType.of(Map.class)));
            return all;
        }
    }

    @Nested
    class Pylibmc extends Contract {
        Pylibmc() {
            super(Interop.pylibmc());
        }

        @Override
        protected List<Sample> samples() {
            return withContainers(super.samples());
        }
    }

    @Nested
    class Php extends Contract {
        Php() {
            super(Interop.phpMemcached());
        }

        @Override
        protected List<Sample> samples() {
            return withContainers(super.samples());
        }
    }

    @Nested
    class NodeMemcached extends Contract {
        NodeMemcached() {
            super(Interop.nodeMemcached());
        }

        @Override
        protected List<Sample> samples() {
            return withContainers(super.samples());
        }
    }

    @Nested
    class Enyim extends Contract {
        Enyim() {
            super(Interop.enyim());
        }
    }

    @Nested
    class Spymemcached extends Contract {
        Spymemcached() {
            super(Interop.spymemcached());
        }
    }
}
