package io.cachewire.serialization.java;

import io.cachewire.Escaped;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.StreamCorruptedException;

/** Why a stream that passed the scan could not be read, in the words of its cause as far as these cannot repeat a value, and what to do. */
final class StreamFailure {
    private static final int MOST_WORDS = 400;

    private static final String OTHER_VERSION =
            ": it was stored by another version of the class; delete the item or read it as a byte array, and keep the class's"
                    + " serialVersionUID from now on";

    private StreamFailure() {}

    static SerdeException of(Throwable cause, ValueType<?> type) {
        if (cause instanceof ClassNotFoundException) {
            return missing(String.valueOf(cause.getMessage()), cause);
        }
        return new SerdeException(Reason.DECODE, "the stored value is not a readable " + type + why(cause), cause);
    }

    static SerdeException missing(String name, Throwable cause) {
        return new SerdeException(
                Reason.DECODE,
                "the stored value has the class " + Escaped.text(name)
                        + ", which is not there: it was renamed or removed, or"
                        + " another class loader has it (withClassLoader)",
                cause);
    }

    private static String why(Throwable cause) {
        if (cause instanceof InvalidClassException) {
            return " (" + words(cause) + ")" + OTHER_VERSION;
        }
        if (cause instanceof InvalidObjectException && words(cause).startsWith("enum constant")) {
            return " (" + words(cause) + ")" + OTHER_VERSION;
        }
        if (cause instanceof ClassCastException && words(cause).startsWith("cannot assign instance of")) {
            return " (" + words(cause) + ")" + OTHER_VERSION;
        }
        if (cause instanceof StreamCorruptedException) {
            return " (" + words(cause) + ")";
        }
        // a message of a class's own code may repeat the value
        return ": reading it failed with " + cause.getClass().getName();
    }

    private static String words(Throwable cause) {
        // names of classes, fields and constants: longer than Escaped shows, and from the stream
        String message = String.valueOf(cause.getMessage()).replaceAll("\\p{Cntrl}", "?");
        return message.length() <= MOST_WORDS ? message : message.substring(0, MOST_WORDS) + "…";
    }
}
