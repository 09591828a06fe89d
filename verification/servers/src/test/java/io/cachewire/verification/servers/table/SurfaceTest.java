package io.cachewire.verification.servers.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.FireAndForgetClient;
import io.cachewire.MemcachedClient;
import io.cachewire.admin.AdminClient;
import io.cachewire.admin.AsyncAdminClient;
import io.cachewire.admin.BlockingAdminClient;
import io.cachewire.meta.AsyncMetaClient;
import io.cachewire.meta.BlockingMetaClient;
import io.cachewire.meta.MetaClient;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A new operation without a row in {@link Operations} fails here. */
class SurfaceTest {
    /** What asks no server anything, and a view that differs only in what it makes of an answer. */
    private static final Set<String> LOCAL = Set.of(
            "builder",
            "close",
            "settings",
            "cluster",
            "copy",
            "blocking",
            "async",
            "admin",
            "meta",
            "fireAndForget",
            "forgetDeadServers",
            "ignoredWrites",
            "toString",
            "withListener",
            "withUndecodable",
            "withWriteFailures");

    @Test
    void everyPublicOperationHasARow() {
        Set<String> operations = new TreeSet<>();
        operations.addAll(names("", MemcachedClient.class, BlockingMemcachedClient.class, AsyncMemcachedClient.class));
        operations.removeAll(LOCAL);
        operations.addAll(names("admin.", AdminClient.class, BlockingAdminClient.class, AsyncAdminClient.class));
        operations.addAll(names("meta.", MetaClient.class, BlockingMetaClient.class, AsyncMetaClient.class));
        operations.addAll(names("fireAndForget.", FireAndForgetClient.class));
        Set<String> rows = Operations.all().keySet().stream()
                .map(row -> row.replaceFirst(",.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(operations, rows);
    }

    private static Set<String> names(String prefix, Class<?>... types) {
        return Stream.of(types)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getName)
                // a value class in the parameters adds a hash to the name, internal members the module's name
                .filter(name -> !name.contains("$"))
                .map(name -> prefix + name.replaceFirst("-.*", ""))
                .collect(Collectors.toSet());
    }
}
