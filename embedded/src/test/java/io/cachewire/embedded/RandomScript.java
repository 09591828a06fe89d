package io.cachewire.embedded;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Random commands, mostly right, sometimes wrong in one place. Each is whole: a block is never shorter than it says,
 * so that a fence behind it is a command and not data.
 *
 * <p>Left out because memcached itself does not answer them the same way twice:
 * <ul>
 *   <li>under incr, values of blanks only, and values with a minus: it reads on behind the item, and takes the
 *       remains of an older item for digits, or for the sign of a number of 2^63 or more;
 *   <li>delays of flush_all and exptimes of a few seconds: two clocks tick apart.
 * </ul>
 *
 * <p>In pipelined scripts more is left out, see {@link Pace}.
 */
final class RandomScript {
    /** How the script will be sent. */
    enum Pace {
        /** Each command waits for the reply of the one before. */
        LOCKSTEP,
        /**
         * All at once. Two things depend on what memcached has not written yet and are left out: arithmetic on a key
         * that was read (the number gets padded or not), and retrieval with an over-long key (replies in front of it
         * are lost).
         */
        PIPELINED
    }

    private static final Pattern CAS = Pattern.compile("(?: c|VALUE \\S+ \\d+ \\d+ )(\\d+)");
    private static final List<String> VALUES = List.of(
            "",
            "x",
            "0",
            "7",
            "10",
            "12",
            "99",
            "100",
            "18446744073709551615",
            "18446744073709551616",
            " 7",
            "+5",
            "12 abc",
            "abc 12",
            "1\u00002",
            "value",
            "y".repeat(300),
            "VALUE a 0 1",
            "\r\n.\r\n",
            "\u00ff\u0000\u0080");
    private static final List<String> SHORT = List.of("x", "12", "value", "");
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "2",
            "9",
            "10",
            "100",
            "+3",
            "18446744073709551615",
            "18446744073709551616",
            "-1",
            "x",
            "1x",
            "3\t",
            "-18446744073709551615");
    private static final List<String> EXPTIMES = List.of(
            "0",
            "0",
            "0",
            "100",
            "100",
            "200",
            "2592000",
            "2592001",
            "2000000000",
            "-1",
            "-100",
            "4294967296",
            "2147483648",
            "x",
            "99999999999999999999");
    private static final List<String> FLAGS =
            List.of("0", "0", "1", "42", "4294967295", "4294967296", "4294967297", "-1", "x", "99999999999999999999");
    private static final List<String> READ_KEYS = List.of("a", "b", "c", "d:1", "\u00e9\u0001");
    private static final List<String> COUNT_KEYS = List.of("n", "m");
    private static final String LONG_KEY = "k".repeat(251);

    private final Random random;
    private final Pace pace;
    private final List<String> seenCas = new ArrayList<>(List.of("1", "2", "0", "x"));

    RandomScript(Random random, Pace pace) {
        this.random = random;
        this.pace = pace;
    }

    /** Learns cas uniques to ask for. */
    void observe(String replies) {
        Matcher matcher = CAS.matcher(replies);
        while (matcher.find()) {
            seenCas.add(matcher.group(1));
        }
        while (seenCas.size() > 12) {
            seenCas.remove(0);
        }
    }

    String next() {
        return switch (random.nextInt(20)) {
            case 0, 1, 2 -> retrieval();
            case 3, 4, 5 -> storage();
            case 6, 7 -> arithmetic();
            case 8 -> delete();
            case 9 -> "touch " + key() + " " + exptime() + noreply() + "\r\n";
            case 10 -> odd();
            case 11, 12, 13 -> metaGet();
            case 14, 15, 16 -> metaSet();
            case 17 -> "md " + metaKey(readKey()) + flags("q", "O", "k", "I", "T", "C", "b", "x") + "\r\n";
            case 18 ->
                "ma " + metaKey(countKey()) + flags("q", "O", "k", "N", "T", "J", "D", "M", "t", "c", "v", "C", "b")
                        + "\r\n";
            default -> "me " + metaKey(readKey()) + (random.nextInt(3) == 0 ? " b" : "") + "\r\n";
        };
    }

    private String retrieval() {
        StringBuilder line = new StringBuilder(pick(List.of("get", "gets", "gat " + exptime(), "gats " + exptime())));
        int keys = random.nextInt(10) == 0 ? 40 : 1 + random.nextInt(3);
        for (int i = 0; i < keys; i++) {
            line.append(random.nextInt(8) == 0 ? "  " : " ").append(readKey());
        }
        if (pace == Pace.LOCKSTEP && random.nextInt(15) == 0) {
            line.append(' ').append(LONG_KEY).append(" a");
        }
        return line + "\r\n";
    }

    private String storage() {
        String verb = pick(List.of("set", "set", "add", "replace", "append", "prepend", "cas"));
        String key = key();
        String flags = pick(FLAGS);
        String exptime = exptime();
        // the block of a line that memcached does not understand is read as a command: keep it short
        String value = pick(key.equals(LONG_KEY) || (flags + exptime).matches(".*(x|-1|9{9}).*") ? SHORT : VALUES);
        String cas = "";
        if (verb.equals("cas")) {
            cas = " " + pick(seenCas);
            value = cas.equals(" x") ? pick(SHORT) : value;
        }
        return verb + " " + key + " " + flags + " " + exptime + " " + value.length() + cas + noreply() + "\r\n"
                + value
                + (random.nextInt(30) == 0 && value.length() < 100 ? "longer" : "")
                + "\r\n";
    }

    private String arithmetic() {
        return pick(List.of("incr ", "decr ")) + countKey() + " " + pick(NUMBERS) + noreply() + "\r\n";
    }

    private String delete() {
        return "delete " + key() + pick(List.of("", "", "", " 0", " 1", " 0 noreply", " noreply", " 1 noreply"))
                + "\r\n";
    }

    private String odd() {
        return pick(List.of(
                        "flush_all",
                        "flush_all noreply",
                        "flush_all 0",
                        "flush_all -1",
                        "flush_all x",
                        "version",
                        "verbosity 1",
                        "verbosity x",
                        "verbosity 1 noreply",
                        "",
                        " ",
                        "x",
                        "nonsense",
                        "mn",
                        "mx a",
                        "get",
                        "set a",
                        "mg",
                        "ms a",
                        "stats foo",
                        "stats reset",
                        "stats sizes",
                        "stats detail x",
                        "stats cachedump 99 1",
                        "shutdown",
                        "bget a",
                        "delete a 0 0 0",
                        "touch a",
                        "incr n",
                        "cas a 0 0 1",
                        "gat 0",
                        "get a\u0000b",
                        "stats cachedump"))
                + "\r\n";
    }

    private String metaGet() {
        return "mg " + metaKey(readKey())
                + flags("v", "k", "t", "c", "f", "s", "h", "l", "q", "u", "O", "N", "T", "R", "b", "P", "L", "I")
                + "\r\n";
    }

    private String metaSet() {
        String value = pick(VALUES);
        String length = Integer.toString(value.length());
        String key = metaKey(key());
        if (random.nextInt(20) == 0) {
            length = pick(List.of("x", "-1", "1x"));
        }
        boolean understood = !key.equals(LONG_KEY) && length.matches("\\d+");
        String tail = flags("q", "k", "c", "O", "F", "T", "C", "I", "M", "b", "P");
        if (!understood || tail.split(" ").length > 17) {
            value = pick(SHORT);
            length = understood ? Integer.toString(value.length()) : length;
        }
        return "ms " + key + " " + length + tail + "\r\n" + value + (random.nextInt(30) == 0 ? "longer" : "") + "\r\n";
    }

    private String flags(String... letters) {
        List<String> shuffled = new ArrayList<>(List.of(letters));
        Collections.shuffle(shuffled, random);
        int count = random.nextInt(Math.min(7, letters.length) + 1);
        if (random.nextInt(20) == 0) {
            shuffled.addAll(0, List.of(pick(List.of("E5", "Z", "k", "q q", "\u00e9", "S1", "O".repeat(33)))));
        }
        StringBuilder text = new StringBuilder();
        for (String letter : shuffled.subList(0, count)) {
            text.append(' ').append(letter.length() > 1 ? letter : letter + argument(letter.charAt(0)));
        }
        return text.toString();
    }

    private String argument(char letter) {
        return switch (letter) {
            case 'O' -> pick(List.of("", "1", "opaque", "o".repeat(31), "o".repeat(32)));
            case 'T', 'N' -> exptime();
            case 'R' -> pick(List.of("30", "150", "300", "0", "-1"));
            case 'F' -> pick(FLAGS);
            case 'C' -> pick(seenCas);
            case 'J', 'D' -> pick(NUMBERS);
            case 'M' -> pick(List.of("S", "E", "A", "P", "R", "I", "D", "+", "-", "", "set"));
            default -> random.nextInt(12) == 0 ? "1" : "";
        };
    }

    /**
     * A key, or now and then one in base64; of n and m for n and m, so that what is read stays apart from what is
     * counted.
     */
    private String metaKey(String key) {
        if (random.nextInt(3) > 0) {
            return key;
        }
        return COUNT_KEYS.contains(key) ? pick(List.of("bg==", "bQ==")) : pick(List.of("YQ==", "YWI=", "YQ=", "=a"));
    }

    private String key() {
        if (random.nextInt(40) == 0) {
            return LONG_KEY;
        }
        return random.nextInt(3) == 0 ? countKey() : readKey();
    }

    private String countKey() {
        return pick(COUNT_KEYS);
    }

    private String readKey() {
        return pace == Pace.LOCKSTEP && random.nextInt(3) == 0 ? countKey() : pick(READ_KEYS);
    }

    private String exptime() {
        return pick(EXPTIMES);
    }

    private String noreply() {
        return random.nextInt(5) == 0 ? " noreply" : "";
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
