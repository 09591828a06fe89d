package io.cachewire.samples;

import com.example.User;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ValueType;
import io.cachewire.serialization.jackson.JacksonSerde;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The code of the page on Jackson. */
final class GuideJackson {
    private GuideJackson() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Card.class, name = "card"),
        @JsonSubTypes.Type(value = Transfer.class, name = "transfer")
    })
    sealed interface Payment permits Card, Transfer {}

    record Card(String number) implements Payment {}

    record Transfer(String iban) implements Payment {}

    static BlockingMemcachedClient settings(String... servers) {
        BlockingMemcachedClient cache = BlockingMemcachedClient.builder(servers)
                .serde(JacksonSerde.create())
                .build();
        return cache;
    }

    static @Nullable List<User> types(BlockingMemcachedClient cache) {
        ValueType<List<User>> users = new ValueType<>() {};
        cache.set("users", users.value(List.of(new User(1, "Ada"))), Duration.ofMinutes(5));
        List<User> found = cache.get("users", users);
        return found;
    }

    static @Nullable Payment subtypes(BlockingMemcachedClient cache) {
        ValueType<Payment> payment = ValueType.of(Payment.class);
        cache.set("payment:1", payment.value(new Card("4000"))); // {"type":"card","number":"4000"}
        return cache.get("payment:1", payment);
    }

    static @Nullable JsonNode anyJson(BlockingMemcachedClient cache) {
        JsonNode json = cache.get("users", JsonNode.class);
        return json;
    }

    static JacksonSerde ownMapper() {
        ObjectMapper mapper = JsonMapper.builder()
                .findAndAddModules()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        JacksonSerde serde = JacksonSerde.using(mapper);
        return serde;
    }

    static JacksonSerde limits() {
        JacksonSerde serde = JacksonSerde.create()
                .withMaxDepth(20)
                .withMaxNumberLength(100)
                .withMaxStringLength(100_000)
                .withMaxBytes(1 << 20);
        return serde;
    }
}
