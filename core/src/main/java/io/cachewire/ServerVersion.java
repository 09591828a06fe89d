package io.cachewire;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The version of a server, as far as it is numbers: {@code 1.6.18} of {@code 1.6.18_ubuntu}. Ordered by them.
 *
 * @param major the first number
 * @param minor the second
 * @param patch the third, 0 when there is none
 */
public record ServerVersion(int major, int minor, int patch) implements Comparable<ServerVersion>, Serializable {
    private static final int MEMCACHED_MAJOR = 1;
    private static final Pattern NUMBERS =
            Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(?:\\.(\\d{1,9}))?.*", Pattern.DOTALL);

    /** The numbers of what a server answers to {@code version}; null when it does not begin with numbers and dots. */
    public static @Nullable ServerVersion find(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches()) {
            return null;
        }
        String patch = numbers.group(3);
        return new ServerVersion(
                Integer.parseInt(numbers.group(1)),
                Integer.parseInt(numbers.group(2)),
                patch == null ? 0 : Integer.parseInt(patch));
    }

    /** As {@link #find}, where the text is a version of memcached: other products count from other numbers. */
    public static @Nullable ServerVersion ofMemcached(@Nullable String text) {
        ServerVersion version = text == null ? null : find(text);
        return version != null && version.major == MEMCACHED_MAJOR ? version : null;
    }

    /** True for the other version and all after it. */
    public boolean isAtLeast(ServerVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(ServerVersion other) {
        int order = Integer.compare(major, other.major);
        if (order == 0) {
            order = Integer.compare(minor, other.minor);
        }
        return order == 0 ? Integer.compare(patch, other.patch) : order;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
