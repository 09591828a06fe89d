package io.cachewire;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name of an item, with the place where it lives when that is not decided by the name.
 *
 * <p>Every operation takes a {@link CharSequence}: a plain string, or one of these. A key with a {@code routing} text is placed by
 * that text, so that all keys of one tenant share a server; a key with a {@code hash} is placed by that number and nothing is
 * hashed. Two keys are equal when name, routing and hash are.
 *
 * <p>A key is checked when it is used, because a namespace adds to its length: see {@link IllegalKeyException}.
 *
 * <p>Decided in docs/decisions/0011-char-sequence-keys.md.
 */
public final class Key implements CharSequence {
    private final String name;

    /** The routing text, the hash, or null. One field for both: many keys are alive at once. */
    private final @Nullable Object place;

    /** True when each character of the name stands for one byte. */
    private final boolean binary;

    private Key(String name, boolean binary, @Nullable Object place) {
        this.name = Objects.requireNonNull(name, "name");
        this.binary = binary;
        this.place = place;
    }

    /** The key itself when it is one already, else a key placed by its own name. */
    public static Key of(CharSequence name) {
        return name instanceof Key key ? key : new Key(name.toString(), false, null);
    }

    /** A key of any bytes, for {@link KeyEncoding#BASE64}; its name has a character of the same number for each byte. */
    public static Key ofBytes(byte[] bytes) {
        return new Key(new String(bytes, StandardCharsets.ISO_8859_1), true, null);
    }

    /** A key placed by {@code routing} in place of its name. */
    public static Key routed(String name, String routing) {
        return new Key(name, false, Objects.requireNonNull(routing, "routing"));
    }

    /** A key placed by an explicit hash; how a locator maps the number to a server is part of the locator's contract. */
    public static Key hashed(String name, long hash) {
        return new Key(name, false, hash);
    }

    /** The item's name as the caller wrote it. */
    public String name() {
        return name;
    }

    /** What is hashed in place of the name, or null. */
    public @Nullable String routing() {
        return place instanceof String routing ? routing : null;
    }

    /** The explicit hash, or null. */
    public @Nullable Long hash() {
        return place instanceof Long hash ? hash : null;
    }

    /** The same placement rule under a longer name; the prefix does not take part in an explicit placement. */
    public Key prefixed(String prefix) {
        if (prefix.isEmpty()) {
            return this;
        }
        String before =
                binary ? new String(prefix.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1) : prefix;
        return new Key(before + name, binary, place);
    }

    /** Another name in the place where this key belongs: by its routing or hash, else by its name. */
    public Key renamed(String newName) {
        return new Key(newName, binary, place == null ? name : place);
    }

    /** What is hashed in place of the name, or null. */
    public @Nullable DataBlock routingBytes() {
        String routing = routing();
        if (routing == null) {
            return null;
        }
        return binary ? DataBlock.wrap(routing.getBytes(StandardCharsets.ISO_8859_1)) : DataBlock.ofUtf8(routing);
    }

    /** True for a key made by {@link #ofBytes}. */
    public boolean isBinary() {
        return binary;
    }

    @Override
    public int length() {
        return name.length();
    }

    @Override
    public char charAt(int index) {
        return name.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return name.subSequence(start, end);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key that
                && name.equals(that.name)
                && binary == that.binary
                && Objects.equals(place, that.place);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, place);
    }

    /** The name, as {@link CharSequence} asks for. */
    @Override
    public String toString() {
        return name;
    }
}
