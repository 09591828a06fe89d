package io.cachewire.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.ObjectInputStream;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What single classes must leave alone: threads, clocks, object streams, arrays in records. */
class PurityTest {
    private static final JavaClasses MAIN = ModuleFolder.importMainClasses();

    /** The classes that may read a clock or touch a thread, each with its reason. */
    private static final Map<String, String> CLOCKS_AND_THREADS = Map.of(
            "io.cachewire.internal.observe.EventThread", "owns the thread that tells listeners of events",
            "io.cachewire.internal.observe.Listeners", "knows whether this thread runs a listener",
            "io.cachewire.internal.cluster.OwnerWatch", "owns the thread that waits for forgotten clients",
            "io.cachewire.internal.connection.Clock", "the one reader of the monotonic clock",
            "io.cachewire.internal.connection.IoThread", "owns the thread of the deadlines",
            "io.cachewire.internal.connection.SelectorLoop", "owns the thread of the selector",
            "io.cachewire.internal.connection.Workers", "owns the threads that connect and that run user code",
            "io.cachewire.internal.call.Call", "parks and wakes the threads of blocking callers",
            "io.cachewire.internal.operation.Waiting", "looks at and restores the caller's interrupt flag",
            "io.cachewire.routing.Digests", "has a digest for each thread that places keys");

    private static final Set<String> CLOCK_READERS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "kotlin.time.TimeSource$Monotonic.markNow-z9LOYto",
            "kotlin.time.TimeSource$Monotonic.markNow",
            "kotlin.time.Clock$System.now");

    private static final DescribedPredicate<JavaClass> UNNAMED =
            describe("are not named for it", type -> !CLOCKS_AND_THREADS.containsKey(Layers.outerName(type)));

    @Test
    void clocksAreReadByNamedClassesOnly() {
        noClasses()
                .that(UNNAMED)
                .should()
                .callCodeUnitWhere(describe("it reads a clock", PurityTest::readsAClock))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void threadsAreTouchedByNamedClassesOnly() {
        noClasses()
                .that(UNNAMED)
                .should()
                .dependOnClassesThat(describe(
                        "are threads",
                        type -> type.isEquivalentTo(Thread.class) || type.isEquivalentTo(ThreadLocal.class)))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void everyNamedClassExists() {
        Set<String> existing = MAIN.stream().map(Layers::outerName).collect(Collectors.toSet());
        assertEquals(
                Set.of(),
                CLOCKS_AND_THREADS.keySet().stream()
                        .filter(name -> !existing.contains(name))
                        .collect(Collectors.toSet()));
    }

    /** Object streams run code that the sender chose; one module has them, behind a filter. */
    @Test
    void coreReadsNoObjectStreams() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .check(MAIN);
    }

    /** Two equal arrays are not equal, so a record that holds one is not a value. */
    @Test
    void recordsHoldNoArrays() {
        fields().that()
                .areDeclaredInClassesThat()
                .areRecords()
                .and()
                .areNotStatic()
                .should()
                .notHaveRawType(describe("array", JavaClass::isArray))
                .check(MAIN);
    }

    private static boolean readsAClock(JavaCall<?> call) {
        CodeUnitCallTarget target = call.getTarget();
        return CLOCK_READERS.contains(target.getOwner().getName() + "." + target.getName());
    }
}
