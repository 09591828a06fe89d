package io.cachewire.samples;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ValueType;
import io.cachewire.serialization.jackson.JacksonSerde;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;

/** Stores records as JSON, by Jackson, and shows what programs in other languages find there. */
public final class JacksonRecords {
    private static final ValueType<List<Order>> ORDERS = new ValueType<>() {};

    /** No annotation is needed. */
    record Order(int id, LocalDate day, List<Line> lines) {}

    record Line(String article, int pieces) {}

    private JacksonRecords() {}

    public static void main(String[] args) {
        Sample.run(JacksonRecords::run);
    }

    static void run(String[] servers, PrintStream out) {
        try (BlockingMemcachedClient cache = BlockingMemcachedClient.builder(servers)
                .serde(JacksonSerde.create())
                .requestTimeout(Duration.ofSeconds(2))
                .build()) {
            Order order = new Order(7, LocalDate.of(2026, 11, 30), List.of(new Line("tea", 2)));
            cache.set("order:7", order, Duration.ofMinutes(5));
            out.println("get      " + cache.get("order:7", Order.class));
            byte[] stored = cache.get("order:7", byte[].class);
            if (stored != null) {
                out.println("stored   " + new String(stored, StandardCharsets.UTF_8));
            }

            cache.set("orders:ada", ORDERS.value(List.of(order)), Duration.ofMinutes(5));
            List<Order> orders = cache.get("orders:ada", ORDERS);
            out.println("list     " + (orders == null ? 0 : orders.size()));
        }
    }
}
