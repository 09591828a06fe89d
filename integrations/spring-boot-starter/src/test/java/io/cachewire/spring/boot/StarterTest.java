package io.cachewire.spring.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ValueType;
import io.cachewire.embedded.EmbeddedMemcached;
import io.cachewire.spring.CacheFailures;
import io.cachewire.spring.MemcachedCache;
import io.cachewire.spring.MemcachedCacheManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

class StarterTest {
    private static EmbeddedMemcached server;

    @BeforeAll
    static void start() {
        server = EmbeddedMemcached.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    record Book(String isbn, int count) {}

    static class Books {
        final AtomicInteger calls = new AtomicInteger();

        @Cacheable(cacheNames = "books", sync = true)
        public Book find(String isbn) {
            return new Book(isbn, calls.incrementAndGet());
        }

        @Cacheable("plain")
        public Book plain(String isbn) {
            return new Book(isbn, calls.incrementAndGet());
        }
    }

    @Configuration
    @EnableCaching
    static class Application {
        @Bean
        Books books() {
            return new Books();
        }
    }

    static final boolean IS_BOOT_4 =
            ClassUtils.isPresent("org.springframework.boot.cache.autoconfigure.CacheProperties", null);

    private static Class<?> named(String ofBoot3, String ofBoot4) {
        return ClassUtils.resolveClassName(IS_BOOT_4 ? ofBoot4 : ofBoot3, null);
    }

    /** With Boot's own configuration of caches beside ours. */
    private static ApplicationContextRunner runner() {
        return runnerWithoutServers().withPropertyValues("cachewire.servers=" + server.address());
    }

    private static ApplicationContextRunner runnerWithoutServers() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CachewireAutoConfiguration.class,
                        CachewireCacheAutoConfiguration.class,
                        CachewireMetricsAutoConfiguration.class,
                        CachewireHealthAutoConfiguration.class,
                        SslAutoConfiguration.class,
                        named(
                                "org.springframework.boot.autoconfigure.cache.CacheAutoConfiguration",
                                "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")))
                .withUserConfiguration(Application.class)
                .withPropertyValues("cachewire.request-timeout=5s");
    }

    @Test
    void cachesAMethod() {
        runner().run(context -> {
            assertNull(context.getStartupFailure());
            Books books = context.getBean(Books.class);
            Book first = books.find("cached-" + System.nanoTime());
            assertEquals(first, books.find(first.isbn()));
            MemcachedCacheManager caches =
                    assertInstanceOf(MemcachedCacheManager.class, context.getBean(CacheManager.class));
            assertEquals(ValueType.of(Book.class), caches.getCache("books").type());
            assertTrue(caches.getCacheNames().containsAll(List.of("books", "plain")));
            BlockingMemcachedClient client = context.getBean(BlockingMemcachedClient.class);
            assertEquals(1, client.settings().serdes().size() > 0 ? 1 : 0);
            assertNotNull(context.getBean(AsyncMemcachedClient.class));
        });
    }

    @Test
    void settingsOfTheClientAreReadAsTexts() {
        runnerWithoutServers()
                .withPropertyValues(
                        "cachewire.request-timeout=250ms",
                        "cachewire.namespace=app:",
                        "cachewire.connections-per-server=2",
                        "cachewire.servers[0]=one:1",
                        "cachewire.servers[1]=two:2")
                .run(context -> {
                    var settings =
                            context.getBean(BlockingMemcachedClient.class).settings();
                    assertEquals(Duration.ofMillis(250), settings.requestTimeout());
                    assertEquals("app:", settings.namespace().toString());
                    assertTrue(
                            settings.servers().toString().contains("one:1"),
                            settings.servers().toString());
                });
    }

    private static String failureOf(String... properties) {
        List<String> messages = new ArrayList<>();
        runner().withPropertyValues(properties).run(context -> {
            for (Throwable e = context.getStartupFailure(); e != null; e = e.getCause()) {
                messages.add(String.valueOf(e.getMessage()));
            }
        });
        return String.join("\n", messages);
    }

    @Test
    void wrongPropertiesAreErrorsAtStartThatNameThem() {
        assertTrue(
                failureOf("cachewire.request-timeot=1s").contains("request-timeot"),
                failureOf("cachewire.request-timeot=1s"));
        assertTrue(
                failureOf("cachewire.request-timeout=soon").contains("requestTimeout"),
                failureOf("cachewire.request-timeout=soon"));
        assertTrue(
                failureOf("cachewire.cache.time-to-life=1s").contains("time-to-life"),
                failureOf("cachewire.cache.time-to-life=1s"));
        assertTrue(failureOf("cachewire.cache.caches.books.tipe=x").contains("tipe"));
        assertTrue(
                failureOf("cachewire.servers=").contains("cachewire.servers is empty"),
                failureOf("cachewire.servers="));
        assertTrue(
                failureOf("cachewire.cache.caches.books.type=no.Such").contains("cachewire.cache.caches.books.type"));
        assertTrue(failureOf("cachewire.ssl.bundle=none").contains("none"));
    }

    @Test
    void withoutServersThereIsOneOnThisMachine() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CachewireAutoConfiguration.class))
                .run(context -> assertEquals(
                        List.of("localhost:11211"),
                        context.getBean(MemcachedConnectionDetails.class).servers()));
    }

    @Test
    void rulesOfCachesAreRead() {
        runner().withPropertyValues(
                        "cachewire.cache.time-to-live=10m",
                        "cachewire.cache.key-prefix=shop:",
                        "cachewire.cache.caches.books.time-to-live=1h",
                        "cachewire.cache.caches.books.refresh-ahead=30s",
                        "cachewire.cache.caches.lists.type=java.util.List<java.lang.String>")
                .withInitializer(context -> TestPropertyValues.of(
                                Map.of("cachewire.cache.caches[a:b].cache-null-values", "false"))
                        .applyTo(context))
                .run(context -> {
                    assertNull(context.getStartupFailure());
                    MemcachedCacheManager caches = context.getBean(MemcachedCacheManager.class);
                    MemcachedCache books = caches.getCache("books");
                    assertEquals(
                            Duration.ofHours(1),
                            books.getNativeCache().settings().ttl());
                    assertEquals(
                            Duration.ofSeconds(30),
                            books.getNativeCache().settings().refreshAhead());
                    assertEquals(
                            Duration.ofMinutes(10),
                            caches.getCache("plain").getNativeCache().settings().ttl());
                    assertEquals(
                            "java.util.List<java.lang.String>",
                            caches.getCache("lists").type().toString());
                    assertFalse(caches.getCache("a:b").isAllowNullValues());
                });
    }

    @Test
    void namesAndTypesOfBootAreHonoured() {
        runner().withPropertyValues("spring.cache.cache-names=books,plain").run(context -> {
            CacheManager caches = context.getBean(CacheManager.class);
            assertNull(caches.getCache("others"));
            assertNotNull(caches.getCache("books"));
        });
        runner().withPropertyValues("spring.cache.type=simple")
                .run(context -> assertInstanceOf(ConcurrentMapCacheManager.class, context.getBean(CacheManager.class)));
        runner().withPropertyValues("spring.cache.type=none")
                .run(context -> assertFalse(context.getBean(CacheManager.class) instanceof MemcachedCacheManager));
        // which one Boot takes then depends on what else is on the class path
        runner().withPropertyValues("cachewire.cache.enabled=false")
                .run(context -> assertFalse(context.getBean(CacheManager.class) instanceof MemcachedCacheManager));
        runner().withPropertyValues("cachewire.enabled=false").run(context -> {
            assertFalse(context.getBean(CacheManager.class) instanceof MemcachedCacheManager);
            assertTrue(context.getBeansOfType(BlockingMemcachedClient.class).isEmpty());
        });
        ConcurrentMapCacheManager own = new ConcurrentMapCacheManager();
        runner().withBean("own", CacheManager.class, () -> own)
                .run(context -> assertSame(own, context.getBean(CacheManager.class)));
    }

    @Test
    void aClientOfTheProgramIsTaken() {
        runner().withBean(
                        AsyncMemcachedClient.class,
                        () -> AsyncMemcachedClient.builder(server.address()).build())
                .run(context -> {
                    assertEquals(
                            1,
                            context.getBeansOfType(AsyncMemcachedClient.class).size());
                    assertNotNull(context.getBean(BlockingMemcachedClient.class));
                    assertNotNull(context.getBean(MemcachedCacheManager.class));
                });
        BlockingMemcachedClient own =
                BlockingMemcachedClient.builder(server.address()).build();
        runner().withBean(BlockingMemcachedClient.class, () -> own).run(context -> {
            assertSame(own, context.getBean(BlockingMemcachedClient.class));
            assertNotNull(context.getBean(AsyncMemcachedClient.class));
        });
    }

    /** Named where that Boot is there only: JUnit reads the methods of the test class. */
    private static final class OfBoot3 {
        static ApplicationContextRunner with(ApplicationContextRunner runner, AtomicInteger calls) {
            return runner.withBean(
                    org.springframework.boot.autoconfigure.cache.CacheManagerCustomizer.class,
                    () -> (org.springframework.boot.autoconfigure.cache.CacheManagerCustomizer<MemcachedCacheManager>)
                            manager -> calls.incrementAndGet());
        }
    }

    private static final class OfBoot4 {
        static ApplicationContextRunner with(ApplicationContextRunner runner, AtomicInteger calls) {
            return runner.withBean(
                    org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer.class,
                    () -> (org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer<MemcachedCacheManager>)
                            manager -> calls.incrementAndGet());
        }
    }

    @Test
    void customizersAreCalled() {
        AtomicInteger calls = new AtomicInteger();
        ApplicationContextRunner runner = runner().withBean(ClientBuilderCustomizer.class, () -> builder -> {
                    builder.namespace("custom:");
                    calls.incrementAndGet();
                })
                .withBean(MemcachedCacheManagerBuilderCustomizer.class, () -> builder -> {
                    builder.cache("custom");
                    calls.incrementAndGet();
                });
        runner = IS_BOOT_4 ? OfBoot4.with(runner, calls) : OfBoot3.with(runner, calls);
        runner.run(context -> {
            assertTrue(
                    context.getBean(MemcachedCacheManager.class).getCacheNames().contains("custom"));
            assertEquals(
                    "custom:",
                    context.getBean(BlockingMemcachedClient.class)
                            .settings()
                            .namespace()
                            .toString());
            assertEquals(3, calls.get());
        });
    }

    @Test
    void aDeadServerFailsNoMethodUnlessItIsToldTo() {
        EmbeddedMemcached gone = EmbeddedMemcached.start();
        gone.close();
        runner().withPropertyValues("cachewire.servers=" + gone.address()).run(context -> {
            Books books = context.getBean(Books.class);
            assertNotNull(books.find("a"));
            assertNotNull(books.plain("a"));
            assertTrue(context.getBean(CacheFailures.class).count() > 0);
            MeterRegistry registry = new SimpleMeterRegistry();
            context.getBeansOfType(MeterBinder.class).values().forEach(binder -> binder.bindTo(registry));
            assertTrue(
                    registry.get("cachewire.cache.failures").functionCounter().count() > 0);
            Object health = health(context);
            assertTrue(health.toString().contains("DEGRADED"), health.toString());
        });
        runner().withPropertyValues("cachewire.servers=" + gone.address(), "cachewire.cache.fail-fast=true")
                .run(context -> {
                    assertTrue(context.getBeansOfType(CachingConfigurer.class).isEmpty());
                    RuntimeException seen = null;
                    try {
                        context.getBean(Books.class).plain("a");
                    } catch (RuntimeException e) {
                        seen = e;
                    }
                    assertNotNull(seen);
                });
        runner().withPropertyValues("cachewire.servers=" + gone.address(), "cachewire.health.dead-status=DOWN")
                .run(context -> assertTrue(health(context).toString().contains("DOWN")));
    }

    private static Object health(ApplicationContext context) throws ReflectiveOperationException {
        Object indicator = context.getBean("memcachedHealthIndicator");
        Class<?> type = named(
                "org.springframework.boot.actuate.health.HealthIndicator",
                "org.springframework.boot.health.contributor.HealthIndicator");
        return type.getMethod("health").invoke(indicator);
    }

    @Test
    void healthSaysWhatEachServerAnswers() {
        runner().run(context -> {
            String health = health(context).toString();
            assertTrue(
                    health.contains("UP") && health.contains(server.address()) && health.contains("version"), health);
        });
        runner().withPropertyValues("management.health.memcached.enabled=false")
                .run(context -> assertFalse(context.containsBean("memcachedHealthIndicator")));
    }

    @Test
    @SuppressWarnings("unchecked")
    void metersOfACacheAreBound() {
        runner().run(context -> {
            Class<?> type = named(
                    "org.springframework.boot.actuate.metrics.cache.CacheMeterBinderProvider",
                    "org.springframework.boot.cache.metrics.CacheMeterBinderProvider");
            Object provider = context.getBean(type);
            MemcachedCache cache = context.getBean(MemcachedCacheManager.class).getCache("books");
            MeterBinder binder = (MeterBinder)
                    type.getMethod("getMeterBinder", org.springframework.cache.Cache.class, Iterable.class)
                            .invoke(provider, cache, List.of());
            MeterRegistry registry = new SimpleMeterRegistry();
            binder.bindTo(registry);
            cache.put("meters", new Book("meters", 1));
            cache.get("meters");
            cache.get("meters-none");
            assertEquals(
                    1,
                    registry.get("cache.gets")
                            .tag("result", "hit")
                            .functionCounter()
                            .count());
            assertEquals(
                    1,
                    registry.get("cache.gets")
                            .tag("result", "miss")
                            .functionCounter()
                            .count());
            assertEquals(
                    1,
                    registry.get("cache.puts")
                            .tag("cache", "books")
                            .functionCounter()
                            .count());
            assertNotNull(registry.get("cache.removals").functionCounter());
        });
    }

    @Configuration
    @EmbeddedCache
    static class Embedded {}

    @Test
    void theServerMayBeInsideTheTest() {
        runner().withUserConfiguration(Embedded.class).run(context -> {
            assertEquals(
                    List.of(context.getBean(EmbeddedMemcached.class).address()),
                    context.getBean(MemcachedConnectionDetails.class).servers());
            assertEquals(1, context.getBean(Books.class).find("embedded").count());
            assertEquals(1, context.getBean(Books.class).find("embedded").count());
        });
    }

    @Test
    void aBundleMakesConnectionsOfTls() {
        runner().withBean(MemcachedConnectionDetails.class, () -> new MemcachedConnectionDetails() {
                    @Override
                    public List<String> servers() {
                        return List.of("tls-host:11211");
                    }

                    @Override
                    public org.springframework.boot.ssl.SslBundle sslBundle() {
                        return org.springframework.boot.ssl.SslBundle.of(null);
                    }
                })
                .run(context -> assertNotNull(context.getBean(BlockingMemcachedClient.class)
                        .settings()
                        .tls()));
    }

    @Test
    void metadataNamesEveryProperty() throws Exception {
        String metadata = new String(
                java.nio.file.Files.readAllBytes(
                        java.nio.file.Path.of("src/main/resources/META-INF/spring-configuration-metadata.json")),
                java.nio.charset.StandardCharsets.UTF_8);
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, Class<?>> one : Map.<String, Class<?>>of(
                        "cachewire.cache.",
                        CacheSettings.class,
                        "cachewire.cache.caches.*.",
                        CacheSettings.OfNamedCache.class)
                .entrySet()) {
            for (var property : java.beans.Introspector.getBeanInfo(one.getValue(), Object.class)
                    .getPropertyDescriptors()) {
                String dashed = property.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
                if (one.getValue() == CacheSettings.class && !metadata.contains("\"" + one.getKey() + dashed + "\"")) {
                    missing.add(dashed);
                }
            }
        }
        java.util.regex.Matcher row = java.util.regex.Pattern.compile("(?m)^\\| `([a-zA-Z.]+)` \\|")
                .matcher(java.nio.file.Files.readString(java.nio.file.Path.of("../../docs/settings.md")));
        int rows = 0;
        while (row.find()) {
            rows++;
            String dashed = row.group(1).replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
            if (!metadata.contains("\"cachewire." + dashed + "\"")) {
                missing.add(dashed);
            }
        }
        assertTrue(rows > 20);
        assertEquals(List.of(), missing);
    }
}
