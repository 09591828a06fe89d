package io.cachewire.embedded;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The meta flags of one command, read before it does anything: which are there, what those with a number say, and the
 * first reason not to go on. What a flag adds to the reply is the command's business, which walks the tokens in their
 * order once more.
 */
final class MetaFlags {
    private static final String BAD_TOKEN = "CLIENT_ERROR bad token in command line format";
    private static final int LONGEST_OPAQUE = 32;
    private static final int FLAG_CODES = 127;

    boolean quiet;
    boolean value;
    boolean noBump;
    /** Some flag tells or changes what the use of the item would: it counts as used only when the reply is made. */
    boolean lateBump;

    boolean invalidate;
    boolean vivify;
    boolean newTtl;
    boolean base64;
    /** The mode's letter, 0 without one. */
    char mode;

    int clientFlags;
    int ttl;
    int vivifyTtl;
    int recacheTtl;
    long delta = 1;
    long initial;
    long cas;
    boolean hasCas;

    /** The key, decoded where the flags say so. */
    String key;
    /** The error line that the command is refused with. */
    @Nullable
    String error;

    private final ServerClock clock;

    private MetaFlags(String key, ServerClock clock) {
        this.key = key;
        this.clock = clock;
    }

    static MetaFlags of(CommandLine line, int firstFlag, ServerClock clock) {
        MetaFlags flags = new MetaFlags(line.key(), clock);
        boolean[] seen = new boolean[FLAG_CODES];
        for (int i = firstFlag; i < line.size(); i++) {
            char flag = line.token(i).charAt(0);
            if (flag >= FLAG_CODES || seen[flag]) {
                flags.error = "CLIENT_ERROR duplicate flag";
                break;
            }
            seen[flag] = true;
            flags.lateBump |= "NTRlh".indexOf(flag) >= 0;
            if (!flags.read(flag, line.token(i).substring(1))) {
                flags.error = "CLIENT_ERROR invalid flag";
                break;
            }
        }
        return flags;
    }

    /** Takes one flag; false when there is no such flag. */
    private boolean read(char flag, String argument) {
        switch (flag) {
            case 'b' -> decodeKey();
            case 'N' -> {
                vivify = true;
                vivifyTtl = moment(argument);
            }
            case 'T' -> {
                newTtl = true;
                ttl = moment(argument);
            }
            case 'R' -> recacheTtl = moment(argument);
            case 'v' -> value = true;
            case 'u' -> noBump = true;
            case 'q' -> quiet = true;
            case 'I' -> invalidate = true;
            case 'F' -> {
                OptionalInt number = Numbers.unsigned(argument);
                clientFlags = number.orElse(0);
                if (number.isEmpty()) {
                    error = error == null ? TextCommands.BAD_FORMAT : error;
                }
            }
            case 'C' -> {
                hasCas = true;
                cas = number(argument, BAD_TOKEN);
            }
            case 'J' -> initial = number(argument, "CLIENT_ERROR invalid numeric initial value");
            case 'D' -> delta = number(argument, "CLIENT_ERROR invalid numeric delta value");
            case 'M' -> {
                if (argument.length() == 1) {
                    mode = argument.charAt(0);
                } else {
                    error = "CLIENT_ERROR incorrect length for M token";
                }
            }
            case 'O', 'P', 'L', 'k', 's', 't', 'c', 'f', 'l', 'h' -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    private void decodeKey() {
        base64 = true;
        key = Base64Key.decode(key);
        if (key.isEmpty()) {
            error = "CLIENT_ERROR error decoding key";
        }
    }

    private int moment(String argument) {
        OptionalInt number = Numbers.signed(argument);
        if (number.isEmpty()) {
            error = BAD_TOKEN;
            return 0;
        }
        return clock.moment(number.getAsInt());
    }

    private long number(String argument, String complaint) {
        OptionalLong number = Numbers.unsignedLong(argument);
        if (number.isEmpty()) {
            error = complaint;
        }
        return number.orElse(0);
    }

    /** Whether an opaque token may be echoed. */
    static boolean isOpaque(String token) {
        return token.length() <= LONGEST_OPAQUE;
    }
}
