package io.cachewire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Settings as one text: {@code memcached://user:password@host:port,host2;weight=2/namespace?requestTimeout=250ms}. */
final class ConnectionString {
    private static final String PLAIN = "memcached://";
    private static final String SECURE = "memcacheds://";
    private static final String SERVERS = "servers";
    private static final String TLS = "tls";
    private static final String USER = "credentials.user";
    private static final String PASSWORD = "credentials.password";
    private static final String NAMESPACE = "namespace";

    private static final String EXAMPLE = "memcached://user:password@host:11211/namespace?requestTimeout=250ms";

    private final Map<String, String> texts = new LinkedHashMap<>();

    private ConnectionString() {}

    /** The settings that it names, as texts. */
    static Map<String, String> parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean secure = lower.startsWith(SECURE);
        if (!secure && !lower.startsWith(PLAIN)) {
            throw bad("it begins with memcached:// or memcacheds://");
        }
        ConnectionString parsed = new ConnectionString();
        if (secure) {
            parsed.put(TLS, "true");
        }
        parsed.rest(text.substring(secure ? SECURE.length() : PLAIN.length()));
        return parsed.texts;
    }

    private void rest(String rest) {
        if (rest.indexOf('#') >= 0) {
            throw bad("a # in it is written %23");
        }
        int query = rest.indexOf('?');
        String place = query < 0 ? rest : rest.substring(0, query);
        int path = place.indexOf('/');
        if (rest.indexOf('@', path < 0 ? place.length() : path) >= 0) {
            // what stands there may be the end of a password with a divider in it
            throw bad("/ and ? before the @ are written %2F and %3F, and an @ behind them %40");
        }
        authority(path < 0 ? place : place.substring(0, path));
        if (path >= 0 && path + 1 < place.length()) {
            put(NAMESPACE, decoded(place.substring(path + 1)));
        }
        if (query >= 0 && query + 1 < rest.length()) {
            for (String parameter : rest.substring(query + 1).split("&", -1)) {
                parameter(parameter);
            }
        }
    }

    private void authority(String authority) {
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            String login = authority.substring(0, at);
            int colon = login.indexOf(':');
            if (colon < 0) {
                throw bad("before the @ stand a user and a password with a colon between them");
            }
            put(USER, decoded(login.substring(0, colon)));
            put(PASSWORD, decoded(login.substring(colon + 1)));
        }
        List<String> servers = new ArrayList<>();
        for (String server : authority.substring(at + 1).split(",", -1)) {
            servers.add(decoded(server));
        }
        if (!servers.equals(List.of(""))) {
            put(SERVERS, String.join(",", servers));
        }
    }

    private void parameter(String parameter) {
        int equals = parameter.indexOf('=');
        if (equals < 1) {
            throw bad("a parameter is name=value, and & stands between two of them");
        }
        String name = decoded(parameter.substring(0, equals));
        String canonical = SettingTexts.canonical(name);
        if (canonical.contains("password") || canonical.startsWith("credentials")) {
            throw bad("user and password stand before the @, not in a parameter");
        }
        put(name, decoded(parameter.substring(equals + 1)));
    }

    private void put(String name, String text) {
        for (String there : texts.keySet()) {
            if (SettingTexts.canonical(there).equals(SettingTexts.canonical(name))) {
                throw bad("it names " + there + " twice");
            }
        }
        texts.put(name, text);
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = high < 0 ? -1 : Character.digit(raw[i + 2], 16);
                if (low < 0) {
                    throw bad("behind a % stand two hexadecimal digits; a % itself is written %25");
                }
                bytes.put((byte) (high * 16 + low));
                i += 2;
            } else {
                bytes.put(raw[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw bad("what is written with % is UTF-8");
        }
    }

    /** Nothing of the text is shown, because a password may stand anywhere in it. */
    private static IllegalRequestException bad(String why) {
        return new IllegalRequestException("bad connection string: " + why + ", as in " + EXAMPLE);
    }

    /** The text that {@link #parse} reads as these. */
    static String of(Map<String, String> texts) {
        StringBuilder out = new StringBuilder("true".equals(texts.get(TLS)) ? SECURE : PLAIN);
        String user = texts.get(USER);
        if (user != null) {
            out.append(encoded(user, "")).append('@');
        }
        out.append(encoded(texts.getOrDefault(SERVERS, ""), ":,;=[]"));
        String namespace = texts.get(NAMESPACE);
        if (namespace != null) {
            out.append('/').append(encoded(namespace, ":/=,;"));
        }
        char separator = '?';
        for (Map.Entry<String, String> text : texts.entrySet()) {
            if (!List.of(TLS, USER, SERVERS, NAMESPACE).contains(text.getKey())) {
                out.append(separator).append(text.getKey()).append('=').append(encoded(text.getValue(), ":/=,;()"));
                separator = '&';
            }
        }
        return out.toString();
    }

    /** Everything percent-encoded but what RFC 3986 calls unreserved, and these. */
    private static String encoded(String text, String kept) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean unreserved = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            out.append(unreserved || kept.indexOf(c) >= 0 ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return out.toString();
    }
}
