package io.cachewire.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ValueType;
import io.cachewire.embedded.EmbeddedMemcached;
import io.cachewire.serialization.jackson.JacksonSerde;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class CacheableMethodsTest {
    record Book(String isbn, int count) {}

    static class Books {
        final AtomicInteger calls = new AtomicInteger();

        private Book next(String isbn) {
            return new Book(isbn, calls.incrementAndGet());
        }

        @Cacheable("block")
        public Book block(String isbn) {
            return next(isbn);
        }

        @Cacheable(cacheNames = "sync", sync = true)
        public Book sync(String isbn) {
            return next(isbn);
        }

        @Cacheable("future")
        public CompletableFuture<Book> future(String isbn) {
            return CompletableFuture.supplyAsync(() -> next(isbn));
        }

        @Cacheable(cacheNames = "syncfuture", sync = true)
        public CompletableFuture<Book> syncFuture(String isbn) {
            return CompletableFuture.supplyAsync(() -> next(isbn));
        }

        @Cacheable(cacheNames = "mono", sync = true)
        public Mono<Book> mono(String isbn) {
            return Mono.fromSupplier(() -> next(isbn));
        }

        @Cacheable("flux")
        public Flux<Book> flux(String isbn) {
            return Flux.defer(() -> Flux.just(next(isbn), next(isbn)));
        }

        @Cacheable("optional")
        public Optional<Book> optional(String isbn) {
            return isbn.isEmpty() ? noBook() : Optional.of(next(isbn));
        }

        private Optional<Book> noBook() {
            calls.incrementAndGet();
            return Optional.empty();
        }

        @Cacheable("list")
        public List<Map<String, Book>> list(String isbn) {
            return List.of(Map.of("one", next(isbn)));
        }

        @Cacheable("number")
        public int number(String isbn, int more) {
            return calls.incrementAndGet();
        }

        @CacheEvict("block")
        public void forget(String isbn) {}

        @CacheEvict(cacheNames = "block", allEntries = true)
        public void forgetAll() {}

        @CachePut(cacheNames = "block", key = "#book.isbn")
        public Book save(Book book) {
            return book;
        }
    }

    @Configuration
    @EnableCaching
    static class Config {
        @Bean
        EmbeddedMemcached server() {
            return EmbeddedMemcached.start();
        }

        @Bean
        BlockingMemcachedClient client(EmbeddedMemcached server) {
            return BlockingMemcachedClient.builder(server.address())
                    .serde(JacksonSerde.create())
                    .requestTimeout(Duration.ofSeconds(5))
                    .build();
        }

        @Bean
        MemcachedCacheManager caches(BlockingMemcachedClient client) {
            return MemcachedCacheManager.builder(client)
                    .ttl(Duration.ofMinutes(5))
                    .build();
        }

        @Bean
        CachingConfigurer configurer(ObjectProvider<MemcachedCacheManager> caches) {
            return new CachingConfigurer() {
                @Override
                public CacheErrorHandler errorHandler() {
                    return caches.getObject().failures();
                }
            };
        }

        @Bean
        Books books() {
            return new Books();
        }
    }

    @Test
    void allKindsOfMethodsAreCached() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Config.class)) {
            Books books = context.getBean(Books.class);
            for (int i = 0; i < 2; i++) {
                assertEquals(new Book("a b", 1), books.block("a b"));
            }
            for (int i = 0; i < 2; i++) {
                assertEquals(2, books.sync("a").count());
            }
            for (int i = 0; i < 2; i++) {
                assertEquals(3, books.future("a").join().count());
            }
            for (int i = 0; i < 2; i++) {
                assertEquals(4, books.syncFuture("a").join().count());
            }
            for (int i = 0; i < 2; i++) {
                assertEquals(5, books.mono("a").block().count());
            }
            for (int i = 0; i < 2; i++) {
                assertEquals(
                        List.of(new Book("a", 6), new Book("a", 7)),
                        books.flux("a").collectList().block());
            }
            for (int i = 0; i < 2; i++) {
                assertEquals(8, books.optional("a").orElseThrow().count());
            }
            for (int i = 0; i < 2; i++) {
                assertTrue(books.optional("").isEmpty());
            }
            for (int i = 0; i < 2; i++) {
                assertEquals(List.of(Map.of("one", new Book("a", 10))), books.list("a"));
            }
            for (int i = 0; i < 2; i++) {
                assertEquals(11, books.number("a", 1));
            }
            assertEquals(12, books.number("a", 2));

            books.forget("a b");
            assertEquals(13, books.block("a b").count());
            books.save(new Book("a b", 100));
            assertEquals(100, books.block("a b").count());
            books.forgetAll();
            assertEquals(14, books.block("a b").count());

            MemcachedCacheManager caches = context.getBean(MemcachedCacheManager.class);
            assertTrue(caches.getCacheNames().containsAll(List.of("block", "sync", "mono", "flux", "list")));
            assertEquals(ValueType.of(Book.class), caches.getCache("mono").type());
            assertEquals(new ValueType<List<Book>>() {}, caches.getCache("flux").type());
            assertEquals(ValueType.of(Integer.class), caches.getCache("number").type());
            assertEquals(0, caches.failures().count());
        }
    }

    @Test
    void withoutAServerAllKindsOfMethodsAreServed() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Config.class)) {
            Books books = context.getBean(Books.class);
            assertNotNull(books.block("a"));
            context.getBean(EmbeddedMemcached.class).close();
            for (int i = 0; i < 2; i++) {
                int before = books.block("a").count();
                assertNotEquals(before, books.block("a").count());
                assertNotNull(books.sync("a"));
                assertNotNull(books.future("a").join());
                assertNotNull(books.syncFuture("a").join());
                assertNotNull(books.mono("a").block());
                assertEquals(2, books.flux("a").collectList().block().size());
                books.forget("a");
                books.forgetAll();
                books.save(new Book("a", 1));
            }
            assertTrue(context.getBean(MemcachedCacheManager.class).failures().count() > 12);
        }
    }

    static class Authors {
        @Cacheable("block")
        public String author(String name) {
            return name;
        }
    }

    @Configuration
    static class Conflict extends Config {
        @Bean
        Authors authors() {
            return new Authors();
        }
    }

    @Test
    void twoTypesOnOneCacheAreAnErrorAtStart() {
        Exception refused = assertThrows(
                IllegalStateException.class, () -> new AnnotationConfigApplicationContext(Conflict.class).close());
        String message = refused.getMessage();
        assertTrue(
                message.contains("CacheableMethodsTest$Books.") && message.contains("Authors.author(String)"), message);
        assertTrue(message.contains("cachewire.cache.caches.block.type"), message);
    }

    @Configuration
    static class Settled extends Conflict {
        @Bean
        @Override
        MemcachedCacheManager caches(BlockingMemcachedClient client) {
            return MemcachedCacheManager.builder(client)
                    .cache("block", rules -> rules.type(Object.class))
                    .build();
        }
    }

    @Test
    void aTypeThatIsSetSettlesIt() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Settled.class)) {
            assertEquals("jane", context.getBean(Authors.class).author("jane"));
            assertEquals("jane", context.getBean(Authors.class).author("jane"));
        }
    }

    abstract static class Repository<T> {
        @Cacheable("generic")
        public CompletableFuture<List<T>> all() {
            return CompletableFuture.completedFuture(List.of());
        }
    }

    static class BookRepository extends Repository<Book> {}

    @Configuration
    static class Generic extends Config {
        @Bean
        BookRepository repository() {
            return new BookRepository();
        }

        @Bean
        String early(MemcachedCacheManager caches) {
            return caches.getCache("generic").type().toString();
        }
    }

    @Test
    void typeVariablesAreThoseOfTheBeanAndKnownBeforeItIsMade() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Generic.class)) {
            assertEquals(
                    new ValueType<List<Book>>() {},
                    context.getBean(MemcachedCacheManager.class)
                            .getCache("generic")
                            .type());
            assertTrue(context.getBean("early", String.class).contains("Book"));
        }
    }

    @Test
    void typesAreReadFromText() {
        assertEquals(ValueType.of(Book.class), TypeText.parse(Book.class.getName(), null));
        assertEquals(
                new ValueType<Map<String, List<Book>>>() {},
                TypeText.parse("java.util.Map<java.lang.String, java.util.List<" + Book.class.getName() + ">>", null));
        assertEquals(ValueType.of(String[].class), TypeText.parse("java.lang.String[]", null));
        for (String wrong : List.of(
                "",
                "no.Such",
                "java.util.List<",
                "java.util.List<>",
                "java.util.List<java.lang.String>>",
                "java.util.List<java.lang.String,java.lang.String>",
                "java.util.List<java.lang.String>x")) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> TypeText.parse(wrong, null), wrong);
            assertTrue(refused.getMessage().contains('"' + wrong + '"'), refused.getMessage());
        }
    }
}
