package io.cachewire.internal.protocol.line;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The greeting by which a server proves, on this connection, that it speaks the meta protocol as {@link MetaDialect} does (protocol.txt,
 * "Meta Commands"). It is one write of two commands about a random key that no item has: a read, and a replace with an empty data block.
 * A replace of an absent key stores nothing; to a server that does not read the block it is an empty line, which does no harm.
 *
 * <p>Only the echo of key and opaque in both answers is a proof. Servers before 1.6.18 answer a miss without it, servers before 1.6.10
 * refuse the second command and would run the data block of a real one as commands. Versions prove nothing: forks, proxies and other
 * products have numbers of their own.
 */
public final class MetaProof {
    /** What a line of the answer means. */
    public enum Verdict {
        /** The next line decides. */
        INCOMPLETE,
        /** The server speaks the meta protocol. */
        PROVEN,
        /** The answer of a relative that speaks text, or an older meta protocol. */
        TEXT,
        /** {@code ERROR} and nothing more: means text, when the server also answers {@code version}. */
        UNKNOWN_COMMAND,
        /** The server wants a login. */
        LOGIN,
        /** The server cannot serve now. */
        REFUSED,
        /** Nothing that a memcached says. */
        FOREIGN
    }

    private final String key;
    private final int readOpaque;
    private final int replaceOpaque;
    private boolean hasRead;

    /**
     * A greeting that was not sent yet.
     *
     * @param key printable, without blanks, and of no item
     * @param opaque of the first command, 0 or more; the second one has its complement
     */
    public MetaProof(String key, int opaque) {
        this.key = key;
        this.readOpaque = opaque;
        this.replaceOpaque = ~opaque & Integer.MAX_VALUE;
    }

    /** The bytes to be written at once. */
    public byte[] request() {
        return (read() + replace()).getBytes(StandardCharsets.US_ASCII);
    }

    /** The first command. */
    public String read() {
        return "mg " + key + " v k O" + Integer.toHexString(readOpaque) + "\r\n";
    }

    /** The second command, with its empty data block. */
    public String replace() {
        return "ms " + key + " 0 MR O" + Integer.toHexString(replaceOpaque) + " k\r\n\r\n";
    }

    /** Takes the next line of the answer, without its line end. */
    public Verdict take(String line) {
        if (hasRead) {
            return verdict(line, "NS", replaceOpaque);
        }
        Verdict first = verdict(line, "EN", readOpaque);
        if (first != Verdict.PROVEN) {
            return first;
        }
        hasRead = true;
        return Verdict.INCOMPLETE;
    }

    private Verdict verdict(String line, String wanted, int opaque) {
        Verdict error = error(line);
        if (error != null) {
            return error;
        }
        String[] words = line.split(" ");
        return words[0].equals(wanted) ? echo(words, "O" + Integer.toHexString(opaque)) : Verdict.FOREIGN;
    }

    /** What an error line means in answer to a greeting; null when the line is none. */
    public static @Nullable Verdict error(String line) {
        if (line.equals("ERROR")) {
            return Verdict.UNKNOWN_COMMAND;
        }
        if (line.equals("CLIENT_ERROR") || line.startsWith("CLIENT_ERROR ")) {
            // "unauthenticated" of memcached; others speak of authentication too
            return line.contains("auth") ? Verdict.LOGIN : Verdict.TEXT;
        }
        return line.startsWith("ERROR ") || line.equals("SERVER_ERROR") || line.startsWith("SERVER_ERROR ")
                ? Verdict.REFUSED
                : null;
    }

    /** All of the echo is the proof, some of it is none; an echo of something else comes from a stream that is out of step. */
    private Verdict echo(String[] words, String opaque) {
        int keys = 0;
        int opaques = 0;
        for (int i = 1; i < words.length; i++) {
            String word = words[i];
            boolean isKey = word.startsWith("k");
            boolean isOpaque = word.startsWith("O");
            if ((isKey && !word.equals("k" + key)) || (isOpaque && !word.equals(opaque))) {
                return Verdict.FOREIGN;
            }
            keys += isKey ? 1 : 0;
            opaques += isOpaque ? 1 : 0;
        }
        if (keys > 1 || opaques > 1) {
            return Verdict.FOREIGN;
        }
        return keys == 1 && opaques == 1 ? Verdict.PROVEN : Verdict.TEXT;
    }
}
