package io.cachewire.serialization.java;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/** A value as users have them. */
record Person(int id, String name, Role role, Instant born, List<String> tags) implements Serializable {
    enum Role {
        ADMIN,
        GUEST {
            @Override
            String shown() {
                return "guest";
            }
        };

        String shown() {
            return name();
        }
    }

    static Person ada() {
        return new Person(1, "Ada", Role.GUEST, Instant.EPOCH, List.of("a", "b", "c"));
    }
}
