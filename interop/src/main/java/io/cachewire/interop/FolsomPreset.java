package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.interop.PlainTextFormat.Booleans;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;
import org.jspecify.annotations.Nullable;

/** folsom: flags are always 0, and its transcoder decides. By default text or bytes, as its string and byte clients have. */
public final class FolsomPreset extends InteropPreset {
    static final FolsomPreset DEFAULT =
            new FolsomPreset(new Text(new PlainTextFormat(Booleans.LOWER_CASE)), UserSerdes.NONE);

    private final ForeignFormat format;
    private final UserSerdes user;

    private FolsomPreset(ForeignFormat format, UserSerdes user) {
        this.format = format;
        this.user = user;
    }

    /** Its serializable-object transcoder, with a {@code JavaSerde} that reads and writes every value. */
    public FolsomPreset javaSerialized(Serde serde) {
        return new FolsomPreset(new Serialized(), UserSerdes.NONE.with(Format.JAVA, serde));
    }

    @Override
    public LocatorFactory locator() {
        return RoutingPreset.FOLSOM;
    }

    @Override
    ForeignFormat format() {
        return format;
    }

    @Override
    UserSerdes userSerdes() {
        return user;
    }

    /** Text and bytes; what begins like a stream of Java serialization is called by that name, and is still read as bytes. */
    private record Text(PlainTextFormat plain) implements ForeignFormat {
        private static final DataBlock STREAM_HEADER = DataBlock.wrap(new byte[] {(byte) 0xac, (byte) 0xed, 0, 5});

        @Override
        public boolean claims(int flags) {
            return plain.claims(flags);
        }

        @Override
        public Stored open(EncodedValue stored, int maxBytes) {
            DataBlock data = stored.data();
            int header = STREAM_HEADER.length();
            boolean serialized = data.length() > header
                    && DataBlock.wrap(data.toByteArray(), 0, header).equals(STREAM_HEADER);
            return serialized ? new Stored(Encoding.JAVA, data) : plain.open(stored, maxBytes);
        }

        @Override
        public boolean writes(Class<?> type) {
            return plain.writes(type);
        }

        @Override
        public EncodedValue write(Object value) {
            return plain.write(value);
        }
    }

    private record Serialized() implements ForeignFormat {
        @Override
        public boolean claims(int flags) {
            return flags == 0;
        }

        @Override
        public Stored open(EncodedValue stored, int maxBytes) {
            return new Stored(Encoding.JAVA, stored.data());
        }

        @Override
        public boolean writes(Class<?> type) {
            return false;
        }

        @Override
        public EncodedValue write(Object value) {
            throw Conversion.unwritable(value);
        }

        @Override
        public boolean isPlain(Class<?> type) {
            return false;
        }

        @Override
        public @Nullable EncodedValue wrap(Format by, DataBlock data) {
            return new EncodedValue(data, 0);
        }
    }
}
