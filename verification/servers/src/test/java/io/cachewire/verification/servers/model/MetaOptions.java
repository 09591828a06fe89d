package io.cachewire.verification.servers.model;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The flags of one meta command, checked and read; or what it is refused with. */
final class MetaOptions {
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String line) {
            super(line);
        }
    }

    private static final String KNOWN = "NTRDJOPLkcstfvlhuqFSCMI";
    private static final int LONGEST_OPAQUE = 32;

    final List<String> tokens;
    final String key;
    final boolean base64;

    MetaOptions(Line line, int from, Traits traits) throws Refused {
        tokens = line.from(from);
        String known = KNOWN
                + (traits.has(Trait.BASE64) ? "b" : "")
                + (traits.has(Trait.EXPLICIT_CAS) ? "E" : "")
                + (traits.has(Trait.REMOVE_VALUE) ? "x" : "");
        boolean reading = line.command().equals("mg") || line.command().equals("ms");
        for (String token : tokens) {
            if (known.indexOf(token.charAt(0)) < 0) {
                throw new Refused(
                        traits.has(Trait.STRICT)
                                ? Commands.BAD_FORMAT
                                : reading ? "CLIENT_ERROR invalid flag" : "CLIENT_ERROR invalid or duplicate flag");
            }
            checkNumber(token, traits);
        }
        base64 = has('b');
        key = base64 ? decoded(line.token(1)) : line.token(1);
    }

    private static void checkNumber(String token, Traits traits) throws Refused {
        if (!traits.has(Trait.STRICT) || "FT".indexOf(token.charAt(0)) < 0) {
            return;
        }
        long number = Line.number(token.substring(1)).orElse(Long.MAX_VALUE);
        if (token.charAt(0) == 'F' && number > 0xffff_ffffL) {
            throw new Refused(Commands.BAD_FORMAT);
        }
        if (token.charAt(0) == 'T' && number != (int) number) {
            throw new Refused("CLIENT_ERROR bad token in command line format");
        }
    }

    static String decoded(String key) throws Refused {
        try {
            byte[] bytes = Base64.getDecoder().decode(key);
            if (bytes.length > 0) {
                return new String(bytes, StandardCharsets.ISO_8859_1);
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new Refused("CLIENT_ERROR error decoding key");
    }

    static String encoded(String key) {
        return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.ISO_8859_1));
    }

    boolean has(char flag) {
        return tokens.stream().anyMatch(t -> t.charAt(0) == flag);
    }

    String text(char flag) {
        return tokens.stream()
                .filter(t -> t.charAt(0) == flag)
                .map(t -> t.substring(1))
                .findFirst()
                .orElse("");
    }

    /** The number of a flag, read as unsigned. */
    long number(char flag, long otherwise) {
        String text = text(flag);
        return text.startsWith("-")
                ? Line.number(text).orElse(otherwise)
                : Line.unsigned(text).orElse(otherwise);
    }

    /** What {@code O}, {@code k} and {@code b} add to a reply, in the order of the command. */
    String echo() throws Refused {
        StringBuilder echo = new StringBuilder();
        for (String token : tokens) {
            switch (token.charAt(0)) {
                case 'O' -> echo.append(' ').append(opaque(token));
                case 'k' -> echo.append(' ').append(keyToken());
                default -> {}
            }
        }
        return echo.toString();
    }

    static String opaque(String token) throws Refused {
        if (token.length() > LONGEST_OPAQUE) {
            throw new Refused("CLIENT_ERROR opaque token too long");
        }
        return token;
    }

    String keyToken() {
        return base64 ? "k" + encoded(key) + " b" : "k" + key;
    }
}
