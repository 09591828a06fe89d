package io.cachewire.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;

/** The names that the import rules use. The packages for users hold two layers: the vocabulary below, the clients on top. */
final class Layers {
    static final String ROOT = "io.cachewire";
    static final String ADMIN = ROOT + ".admin";
    static final String META = ROOT + ".meta";
    static final String OBSERVE = ROOT + ".observe";
    static final String ROUTING = ROOT + ".routing";
    static final String SERDE = ROOT + ".serde";

    static final String INTERNAL = ROOT + ".internal";
    static final String PROTOCOL = INTERNAL + ".protocol";
    static final String CALL = INTERNAL + ".call";
    static final String OPERATION = INTERNAL + ".operation";
    static final String ADMIN_COMMANDS = INTERNAL + ".admin";
    static final String OBSERVED = INTERNAL + ".observe";
    static final String CONNECTION = INTERNAL + ".connection";
    static final String CLUSTER = INTERNAL + ".cluster";

    static final Set<String> ALL = Set.of(
            ROOT,
            ADMIN,
            META,
            OBSERVE,
            ROUTING,
            SERDE,
            PROTOCOL,
            PROTOCOL + ".line",
            PROTOCOL + ".binary",
            PROTOCOL + ".auth",
            CALL,
            OPERATION,
            ADMIN_COMMANDS,
            OBSERVED,
            CONNECTION,
            CONNECTION + ".tls",
            CONNECTION + ".udp",
            CLUSTER);

    private static final Set<String> FOR_USERS = Set.of(ROOT, ADMIN, META, OBSERVE);

    static final DescribedPredicate<JavaClass> FACES = describe("are faces", Layers::isFace);

    static final DescribedPredicate<JavaClass> VOCABULARY = describe(
            "are vocabulary",
            type -> FOR_USERS.contains(type.getPackageName()) && !isFace(type) && !isKotlinVocabulary(type));

    /** What every layer may use. */
    static final DescribedPredicate<JavaClass> JAVA =
            resideInAnyPackage("java..", "javax.crypto..", "javax.net.ssl..", "org.jspecify.annotations");

    /** What the layers in Kotlin may use besides. */
    static final DescribedPredicate<JavaClass> KOTLIN =
            resideInAnyPackage("kotlin..", "kotlinx.coroutines..", "org.jetbrains.annotations..");

    static final DescribedPredicate<JavaClass> KTOR = resideInAnyPackage("io.ktor..");

    private Layers() {}

    static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    /** The name of the file's class, for a nested class or a lambda too. */
    static String outerName(JavaClass type) {
        String name = type.getBaseComponentType().getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** The Kotlin side of ValueType, for the faces and the serde modules; the layers between never see it. */
    private static boolean isKotlinVocabulary(JavaClass type) {
        return outerName(type).equals(ROOT + ".KotlinValueType");
    }

    private static boolean isFace(JavaClass type) {
        if (!FOR_USERS.contains(type.getPackageName())) {
            return false;
        }
        String name = outerName(type).substring(type.getPackageName().length() + 1);
        return name.endsWith("Client")
                || name.endsWith("Builder")
                || name.endsWith("Settings")
                || name.endsWith("Preset")
                || name.endsWith("ClientKt")
                || name.endsWith("ExtensionsKt")
                || name.startsWith("MemcachedClient")
                // settings as text, which are read into the builder
                || name.equals("Setting")
                || name.equals("SettingTexts")
                || name.startsWith("TextForm")
                || name.equals("ConnectionString");
    }
}
