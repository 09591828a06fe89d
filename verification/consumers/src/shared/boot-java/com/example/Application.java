package com.example;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.verification.consumers.BlockingUser;
import io.cachewire.verification.consumers.CacheUser;
import io.cachewire.verification.consumers.Checks;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The client is a bean; closing the context closes it. */
@SpringBootApplication
public class Application {
    public static void main(String[] args) {
        Checks.run(Application::open);
    }

    private static CacheUser open(String server) {
        ConfigurableApplicationContext context = SpringApplication.run(Application.class, "--cache.server=" + server);
        return new BlockingUser(context.getBean(BlockingMemcachedClient.class), context);
    }

    @Bean
    BlockingMemcachedClient cache(@Value("${cache.server}") String server) {
        return BlockingUser.connect(server);
    }
}
