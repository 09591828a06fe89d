package io.cachewire.verification.servers.replay;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What differs from run to run, made equal. The rules:
 *
 * <ul>
 *   <li>a cas unique becomes its place in the order in which the script met it, so that equal ones stay equal;
 *   <li>seconds since a use or until an end become "#"; "-1", which is "never", stays;
 *   <li>statistics, however many and whatever they say, become one line.
 * </ul>
 */
final class Mask {
    private static final Pattern META_LINE = Pattern.compile("(?m)^(HD|VA|EN|NF|EX|NS|OK|ME)( .*)$");
    private static final Pattern CAS =
            Pattern.compile("(?<=^VALUE \\S{1,300} \\d{1,10} \\d{1,10} )(\\d+)(?=\r)", Pattern.MULTILINE);
    private static final Pattern META_CAS = Pattern.compile("(?<= c)(\\d+)\\b|(?<= cas=)(\\d+)\\b");
    private static final Pattern META_SECONDS = Pattern.compile(" ([tl])\\d+\\b| (la)=\\d+");
    private static final Pattern STATISTICS = Pattern.compile("(STAT \\S+ ?[^\r]*\r\n)+");

    private final Map<String, Integer> seen = new LinkedHashMap<>();

    String apply(String reply) {
        String statistics = STATISTICS.matcher(reply).replaceAll("STAT …\r\n");
        String classic = CAS.matcher(statistics).replaceAll(found -> place(found.group()));
        String meta = META_LINE.matcher(classic).replaceAll(line -> Matcher.quoteReplacement(metaLine(line.group())));
        return meta.lines().anyMatch(line -> line.startsWith("key=")) ? metaLine(meta) : meta;
    }

    private String metaLine(String line) {
        String seconds = META_SECONDS
                .matcher(line)
                .replaceAll(found -> found.group(1) != null ? " " + found.group(1) + "#" : " la=#");
        return META_CAS.matcher(seconds).replaceAll(found -> place(found.group()));
    }

    private String place(String cas) {
        return "<cas " + seen.computeIfAbsent(cas, key -> seen.size() + 1) + ">";
    }
}
