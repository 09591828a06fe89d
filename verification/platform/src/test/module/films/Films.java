package films;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ValueType;
import io.cachewire.embedded.EmbeddedMemcached;
import io.cachewire.serde.Serde;
import io.cachewire.serialization.jackson.JacksonSerde;
import io.cachewire.serialization.java.JavaSerde;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/** A user's program on the module path. */
public final class Films {
    private Films() {}

    public static void main(String[] args) throws Exception {
        try (EmbeddedMemcached server = EmbeddedMemcached.start();
                BlockingMemcachedClient cache = BlockingMemcachedClient.builder(server.address())
                        .serde(JavaSerde.allowing("films.**"))
                        .connectTimeout(Duration.ofSeconds(10))
                        .requestTimeout(Duration.ofSeconds(20))
                        .build()) {
            cache.set("film", new Film("Metropolis"));
            cache.set("a", "1");
            cache.async().set("b", "2").get();
            System.out.println(cache.get("film", Film.class).title() + ", "
                    + new TreeMap<>(cache.getAll(List.of("a", "b"), String.class)) + ", "
                    + (BlockingMemcachedClient.class.getModule().isNamed() ? "named" : "unnamed") + ", "
                    + copy(new Actor("Brigitte Helm"), JacksonSerde.create()) + ", "
                    + copy(new Actor("Fritz Rasp"), io.cachewire.serialization.jackson3.JacksonSerde.create()));
        }
    }

    private static String copy(Actor actor, Serde serde) {
        ValueType<Actor> type = ValueType.of(Actor.class);
        return serde.decode("actor", serde.encode("actor", actor, type), type).name();
    }

    private record Actor(String name) {}

    private record Film(String title) implements Serializable {}
}
