package io.cachewire.serialization.java;

import io.cachewire.Escaped;
import io.cachewire.IllegalRequestException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The classes that may be in a stream: those that the user named, and a small set of the standard library whose {@code
 * readObject} does nothing but fill the object. Decides by name, before a class is loaded. Immutable.
 */
final class AllowList {
    /** What no pattern opens: dynamic proxies, lambdas and remote objects are the usual parts of an attack. */
    private static final List<String> NEVER = List.of(
            "java.lang.reflect.",
            "java.lang.invoke.",
            "java.rmi.",
            "javax.rmi.",
            "sun.",
            "com.sun.",
            "jdk.",
            "javax.management.");

    /** Code of others, so a wildcard says nothing about what is let in; single classes can be named. */
    private static final List<String> NO_WILDCARD = List.of("java.", "javax.", "kotlin.", "kotlinx.");

    private static final String PRIMITIVES = "BCDFIJSZ";
    private static final Set<String> STANDARD = standard();

    private final Set<String> classes = new HashSet<>(STANDARD);
    private final List<String> packages = new ArrayList<>();
    private final List<String> trees = new ArrayList<>();

    AllowList(List<String> patterns) {
        if (patterns.isEmpty()) {
            throw new IllegalRequestException("name the classes that may be read, as in \"com.example.**\"");
        }
        for (String pattern : patterns) {
            if (pattern.endsWith(".**")) {
                trees.add(wildcard(pattern, pattern.length() - 2));
            } else if (pattern.endsWith(".*")) {
                packages.add(wildcard(pattern, pattern.length() - 1));
            } else {
                classes.add(exact(pattern));
            }
        }
    }

    private static String wildcard(String pattern, int end) {
        String prefix = exact(pattern.substring(0, end - 1)) + ".";
        if (startsWithAny(prefix, NO_WILDCARD)) {
            throw new IllegalRequestException("name the classes of " + prefix + " one by one, not by " + pattern);
        }
        return prefix;
    }

    private static String exact(String pattern) {
        if (!isClassName(pattern)) {
            throw new IllegalRequestException(
                    "a pattern is a class name as in \"com.example.User$Role\", \"package.*\" or"
                            + " \"package.**\", not \"" + Escaped.text(pattern) + "\"");
        }
        if (isNever(pattern + ".")) {
            throw new IllegalRequestException(pattern + " is never read from a cache");
        }
        return pattern;
    }

    /** Names with dots between them. A word of the language is a name here: other languages have other words. */
    private static boolean isClassName(String text) {
        for (String part : text.split("\\.", -1)) {
            if (part.isEmpty()
                    || !Character.isJavaIdentifierStart(part.codePointAt(0))
                    || !part.codePoints().allMatch(Character::isJavaIdentifierPart)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a class may be in a stream; an array may when its elements may. */
    boolean allows(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element.isPrimitive() || allowsClass(element.getName());
    }

    /** The same by the name that a stream has: {@code [Lcom.example.User;} for an array. */
    boolean allows(String name) {
        if (!name.startsWith("[")) {
            return allowsClass(name);
        }
        String element = name.substring(name.lastIndexOf('[') + 1);
        return element.startsWith("L") && element.endsWith(";")
                ? allowsClass(element.substring(1, element.length() - 1))
                : element.length() == 1 && PRIMITIVES.contains(element);
    }

    private boolean allowsClass(String name) {
        if (classes.contains(name)) {
            return true;
        }
        if (isNever(name)) {
            return false;
        }
        int simpleName = name.lastIndexOf('.') + 1;
        for (int i = 0; i < packages.size(); i++) {
            String prefix = packages.get(i);
            if (prefix.length() == simpleName && name.startsWith(prefix)) {
                return true;
            }
        }
        return startsWithAny(name, trees);
    }

    private static boolean isNever(String name) {
        return startsWithAny(name, NEVER);
    }

    /** Without an iterator: it is asked several times for each value that is read. */
    private static boolean startsWithAny(String name, List<String> prefixes) {
        for (int i = 0; i < prefixes.size(); i++) {
            if (name.startsWith(prefixes.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> standard() {
        Set<String> names = new HashSet<>();
        add(names, "java.lang.", "Boolean Byte Character Double Enum Float Integer Long Number Object Short String");
        add(names, "java.math.", "BigDecimal BigInteger MathContext RoundingMode");
        // What readResolve gives is checked as well, so both the form in the stream and the class itself are here.
        add(names, "java.time.", "Ser DayOfWeek Duration Instant LocalDate LocalDateTime LocalTime Month MonthDay");
        add(names, "java.time.", "OffsetDateTime OffsetTime Period Year YearMonth ZoneOffset ZoneRegion ZonedDateTime");
        add(names, "java.util.", "ArrayDeque ArrayList BitSet CollSer Currency Date EnumMap HashMap HashSet");
        add(names, "java.util.", "LinkedHashMap LinkedHashSet LinkedList Locale Map$Entry TreeMap TreeSet UUID");
        add(names, "java.util.", "AbstractMap$SimpleEntry AbstractMap$SimpleImmutableEntry Arrays$ArrayList");
        add(names, "java.util.", "EnumSet EnumSet$SerializationProxy RegularEnumSet JumboEnumSet");
        add(names, "java.util.ImmutableCollections$", "List12 ListN Map1 MapN Set12 SetN");
        add(names, "java.util.Collections$", "EmptyList EmptyMap EmptySet SingletonList SingletonMap SingletonSet");
        add(names, "java.util.Collections$", "UnmodifiableCollection UnmodifiableList UnmodifiableRandomAccessList");
        add(names, "java.util.Collections$", "UnmodifiableMap UnmodifiableSet");
        add(names, "kotlin.", "Pair Triple collections.EmptyList collections.EmptyMap collections.EmptySet");
        return Set.copyOf(names);
    }

    private static void add(Set<String> names, String prefix, String simpleNames) {
        for (String name : simpleNames.split(" ", -1)) {
            names.add(prefix + name);
        }
    }
}
