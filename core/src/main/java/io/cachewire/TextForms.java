package io.cachewire;

import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.Compression;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The forms of the settings' texts. */
final class TextForms {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})([a-z]*)");

    /** {@code name(a, b)}. */
    private static final Pattern CALL = Pattern.compile("([A-Za-z_-]+)\\(([^()]*)\\)");

    private static final String WEIGHT = ";weight=";

    static final TextForm<String> TEXT = TextForm.of(text -> text, text -> text);
    static final TextForm<Duration> DURATION = TextForm.of(TextForms::duration, TextForms::text);
    static final TextForm<Integer> INTEGER = TextForm.of(TextForms::integer, String::valueOf);
    static final TextForm<Long> BYTES = TextForm.of(TextForms::bytes, TextForms::text);
    static final TextForm<Integer> FEWER_BYTES = TextForm.of(TextForms::fewerBytes, bytes -> text((long) bytes));
    static final TextForm<List<ServerAddress>> SERVERS = TextForm.of(TextForms::servers, TextForms::text);
    static final TextForm<LocatorFactory> LOCATOR =
            TextForm.of(TextForms::locator, locator -> locator instanceof RoutingPreset preset ? preset.name() : null);
    static final TextForm<Optional<Tls>> TLS = TextForm.of(
            text -> bool(text) ? Optional.of(Tls.system()) : Optional.empty(), tls -> String.valueOf(tls.isPresent()));
    static final TextForm<Compression> COMPRESSION = TextForm.of(TextForms::compression, Compression::toString);
    static final TextForm<Expiry> EXPIRY = TextForm.of(TextForms::expiry, TextForms::text);
    static final TextForm<Setting.Backoff> BACKOFF =
            TextForm.of(TextForms::backoff, waits -> text(waits.first()) + ".." + text(waits.longest()));
    static final TextForm<RetryPolicy> RETRIES = TextForm.of(TextForms::retries, TextForms::text);
    static final TextForm<Optional<CredentialsProvider>> CREDENTIALS = new CredentialsForm();
    static final TextForm<Optional<Gutter>> GUTTER = new GutterForm();

    private TextForms() {}

    /** The constants of an enum, by name in any case, with {@code -} or {@code _} or nothing between the words. */
    static <E extends Enum<E>> TextForm<E> of(Class<E> type) {
        return TextForm.of(text -> constant(type, text), Enum::name);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        E[] constants = type.getEnumConstants();
        for (E constant : constants) {
            if (SettingTexts.canonical(constant.name()).equals(SettingTexts.canonical(text))) {
                return constant;
            }
        }
        throw expected(
                text, "one of " + Arrays.stream(constants).map(Enum::name).collect(Collectors.joining(", ")));
    }

    private static LocatorFactory locator(String text) {
        return SettingTexts.canonical(text).equals("default")
                ? RoutingPreset.DEFAULT
                : constant(RoutingPreset.class, text);
    }

    private static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw expected(text, "true or false");
        };
    }

    private static int integer(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw expected(text, "a whole number");
        }
    }

    private static Duration duration(String text) {
        Matcher amount = AMOUNT.matcher(text);
        try {
            if (amount.matches()) {
                long count = Long.parseLong(amount.group(1));
                switch (amount.group(2)) {
                    case "ns":
                        return Duration.ofNanos(count);
                    case "us":
                        return Duration.ofNanos(Math.multiplyExact(count, 1000));
                    case "ms":
                        return Duration.ofMillis(count);
                    case "s":
                        return Duration.ofSeconds(count);
                    case "m":
                        return Duration.ofMinutes(count);
                    case "h":
                        return Duration.ofHours(count);
                    case "d":
                        return Duration.ofDays(count);
                    default:
                        break;
                }
            }
            if (text.startsWith("P") || text.startsWith("p")) {
                return Duration.parse(text);
            }
        } catch (ArithmeticException | DateTimeException e) {
            // what is beyond the range of a duration, and what looks like ISO 8601 only
        }
        throw expected(text, "a duration with its unit (ns, us, ms, s, m, h, d), as 250ms, or in ISO 8601, as PT0.25S");
    }

    private static String text(Duration duration) {
        if (!duration.truncatedTo(ChronoUnit.MILLIS).equals(duration)) {
            return duration.toString();
        }
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static long bytes(String text) {
        Matcher amount = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
        try {
            if (amount.matches()) {
                long count = Long.parseLong(amount.group(1));
                switch (amount.group(2)) {
                    case "", "b":
                        return count;
                    case "k", "kb", "kib":
                        return Math.multiplyExact(count, 1L << 10);
                    case "m", "mb", "mib":
                        return Math.multiplyExact(count, 1L << 20);
                    case "g", "gb", "gib":
                        return Math.multiplyExact(count, 1L << 30);
                    default:
                        break;
                }
            }
        } catch (ArithmeticException e) {
            // more than a number of 64 bits
        }
        throw expected(text, "a number of bytes, as 1048576, 1024KiB or 1MiB; units are powers of 1024");
    }

    private static int fewerBytes(String text) {
        long bytes = bytes(text);
        if (bytes > Integer.MAX_VALUE) {
            throw expected(text, "less than 2 GiB");
        }
        return (int) bytes;
    }

    private static String text(long bytes) {
        if (bytes % (1 << 20) == 0) {
            return bytes / (1 << 20) + "MiB";
        }
        return bytes % 1024 == 0 ? bytes / 1024 + "KiB" : Long.toString(bytes);
    }

    private static List<ServerAddress> servers(String text) {
        if (text.indexOf('@') >= 0) {
            throw new IllegalRequestException(
                    "a server has no user and no password before it; they are credentials.user and"
                            + " credentials.password");
        }
        List<ServerAddress> servers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String server = part.strip();
            if (server.isEmpty()) {
                throw expected(text, "servers with commas between them, as a:11211,b:11211");
            }
            int weight = server.indexOf(';');
            if (weight < 0) {
                servers.add(ServerAddress.parse(server));
            } else if (server.startsWith(WEIGHT, weight)) {
                int share = integer(server.substring(weight + WEIGHT.length()));
                servers.add(ServerAddress.parse(server.substring(0, weight)).withWeight(share));
            } else {
                throw expected(server, "nothing but ;weight=N behind an address");
            }
        }
        return ServerAddress.listOf(servers);
    }

    private static String text(List<ServerAddress> servers) {
        return servers.stream()
                .map(server -> server.weight() == 1 ? server.toString() : server + WEIGHT + server.weight())
                .collect(Collectors.joining(","));
    }

    private static Compression compression(String text) {
        if (SettingTexts.canonical(text).equals("none")) {
            return Compression.none();
        }
        Matcher call = CALL.matcher(text.strip());
        if (call.matches()) {
            String[] arguments = call.group(2).split(",", -1);
            if (arguments.length == 2 || arguments.length == 3) {
                int threshold = FEWER_BYTES.read(Map.of("", arguments[0].strip()));
                int level = integer(arguments[1].strip());
                int ratio = arguments.length == 3 ? integer(arguments[2].strip()) : Compression.DEFAULT_MAX_RATIO;
                switch (call.group(1).toLowerCase(Locale.ROOT)) {
                    case "zlib":
                        return Compression.zlib(threshold, level).withMaxRatio(ratio);
                    case "gzip":
                        return Compression.gzip(threshold, level).withMaxRatio(ratio);
                    default:
                        break;
                }
            }
        }
        throw expected(text, "none, zlib(threshold, level) or gzip(threshold, level), as zlib(2KiB, 6)");
    }

    private static Expiry expiry(String text) {
        if (SettingTexts.canonical(text).equals("never")) {
            return Expiry.never();
        }
        try {
            return Expiry.at(Instant.parse(text));
        } catch (DateTimeException e) {
            return Expiry.after(duration(text));
        }
    }

    private static String text(Expiry expiry) {
        Duration timeToLive = expiry.timeToLive();
        if (timeToLive != null) {
            return text(timeToLive);
        }
        Instant instant = expiry.instant();
        return instant == null ? "never" : instant.toString();
    }

    private static Setting.Backoff backoff(String text) {
        String[] waits = text.split("\\.\\.", -1);
        if (waits.length != 2) {
            throw expected(text, "the first and the longest wait, as 50ms..2s");
        }
        return new Setting.Backoff(duration(waits[0].strip()), duration(waits[1].strip()));
    }

    private static RetryPolicy retries(String text) {
        switch (SettingTexts.canonical(text)) {
            case "standard":
                return RetryPolicy.standard();
            case "never":
                return RetryPolicy.never();
            default:
                break;
        }
        Matcher call = CALL.matcher(text.strip());
        if (call.matches() && SettingTexts.canonical(call.group(1)).equals("backingoff")) {
            String[] arguments = call.group(2).split(",", -1);
            if (arguments.length == 2) {
                return RetryPolicy.backingOff(integer(arguments[0].strip()), duration(arguments[1].strip()));
            }
        }
        throw expected(text, "standard, never or backingOff(retries, first wait), as backingOff(3, 50ms)");
    }

    private static @Nullable String text(RetryPolicy policy) {
        if (policy instanceof BuiltInRetries.BackingOff backing) {
            return "backingOff(" + backing.retries() + ", " + text(backing.first()) + ")";
        }
        if (policy == BuiltInRetries.STANDARD) {
            return "standard";
        }
        return policy == BuiltInRetries.NEVER ? "never" : null;
    }

    private static IllegalRequestException expected(String text, String form) {
        return new IllegalRequestException("expected " + form + ", not \"" + Escaped.text(text) + "\"");
    }

    /** A login that is the same for every server. Its password is read and never written. */
    private static final class CredentialsForm implements TextForm<Optional<CredentialsProvider>> {
        private static final String USER = ".user";
        private static final String PASSWORD = ".password";

        @Override
        public List<String> endings() {
            return List.of(USER, PASSWORD);
        }

        @Override
        public Optional<CredentialsProvider> read(Map<String, String> texts) {
            return Optional.of(
                    Credentials.of(part(texts, USER, Function.identity()), part(texts, PASSWORD, Function.identity())));
        }

        @Override
        public Map<String, String> write(Optional<CredentialsProvider> value) {
            return value.orElse(null) instanceof Credentials login ? Map.of(USER, login.user()) : Map.of();
        }
    }

    private static final class GutterForm implements TextForm<Optional<Gutter>> {
        private static final String SERVERS = ".servers";
        private static final String LONGEST_TTL = ".longestTtl";

        @Override
        public List<String> endings() {
            return List.of(SERVERS, LONGEST_TTL);
        }

        @Override
        public Optional<Gutter> read(Map<String, String> texts) {
            return Optional.of(new Gutter(
                    part(texts, SERVERS, TextForms::servers), part(texts, LONGEST_TTL, TextForms::duration)));
        }

        @Override
        public Map<String, String> write(Optional<Gutter> value) {
            return value.map(pool -> Map.of(SERVERS, text(pool.servers()), LONGEST_TTL, text(pool.longestTtl())))
                    .orElse(Map.of());
        }
    }

    private static <T> T part(Map<String, String> texts, String ending, Function<String, T> read) {
        String text = texts.get(ending);
        if (text == null) {
            throw new IllegalRequestException(ending.substring(1) + " is missing");
        }
        return read.apply(text);
    }
}
