package com.example;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.verification.consumers.BlockingUser;
import io.cachewire.verification.consumers.CacheUser;
import io.cachewire.verification.consumers.Checks;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The client and the caches are the starter's. */
@SpringBootApplication
@EnableCaching
public class Application {
    public record Book(String isbn, int count) {}

    public static class Books {
        private final AtomicInteger calls = new AtomicInteger();

        @Cacheable(cacheNames = "books", sync = true)
        public Book find(String isbn) {
            return new Book(isbn, calls.incrementAndGet());
        }

        @Cacheable(cacheNames = "later", sync = true)
        public CompletableFuture<List<Book>> later(String isbn) {
            return CompletableFuture.completedFuture(List.of(new Book(isbn, calls.incrementAndGet())));
        }
    }

    @Bean
    Books books() {
        return new Books();
    }

    public static void main(String[] args) {
        Checks.run(Application::open);
    }

    private static CacheUser open(String server) {
        ConfigurableApplicationContext context = SpringApplication.run(
                Application.class,
                "--cachewire.servers=" + server,
                "--cachewire.request-timeout=" + Checks.REQUEST_TIMEOUT,
                "--cachewire.connect-timeout=" + Checks.CONNECT_TIMEOUT);
        BlockingUser client = new BlockingUser(context.getBean(BlockingMemcachedClient.class), context);
        Books books = context.getBean(Books.class);
        return new CacheUser() {
            @Override
            public void set(String key, String value) {
                client.set(key, value);
            }

            @Override
            public String get(String key) {
                return client.get(key);
            }

            @Override
            public Map<String, String> getAll(List<String> keys) {
                return client.getAll(keys);
            }

            @Override
            public void callItsOwn() throws Exception {
                client.callItsOwn();
                Book found = books.find("a b");
                Checks.equal(found, books.find("a b"));
                Checks.equal(books.later("a b").join(), books.later("a b").join());
            }

            @Override
            public void close() throws Exception {
                client.close();
            }
        };
    }
}
