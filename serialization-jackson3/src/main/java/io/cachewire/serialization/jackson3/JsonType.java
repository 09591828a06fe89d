package io.cachewire.serialization.jackson3;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** How values of one type are read and written, or why they are not. */
sealed interface JsonType {
    /**
     * A type that is for JSON.
     *
     * @param ownClassOnly whether values of subclasses would be read as something else
     */
    record Taken(ObjectReader reader, ObjectWriter writer, boolean ownClassOnly) implements JsonType {
        void requireDeclaredClass(Object value, ValueType<?> type) {
            if (ownClassOnly && value.getClass() != type.rawClass()) {
                throw new SerdeException(
                        Reason.UNSUPPORTED_TYPE,
                        "a " + value.getClass().getName() + " would be read as the " + type
                                + " that it was declared as: declare its own class, or name the subclasses with"
                                + " @JsonTypeInfo and @JsonSubTypes",
                        null);
            }
        }
    }

    /** A generic type that lacks its arguments: taken, so that the caller is told what is missing. */
    record Open() implements JsonType {}

    /** A type that is left to other serdes. */
    record Refused(String why) implements JsonType {}
}
