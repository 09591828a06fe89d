package io.cachewire.spring.boot;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** The properties {@code cachewire.cache.*}. An unknown one is an error at start. */
@ConfigurationProperties(prefix = "cachewire.cache", ignoreUnknownFields = false)
public class CacheSettings extends CommonCacheSettings {
    private boolean enabled = true;
    private String keyPrefix = "";
    private boolean failFast;
    private boolean transactionAware = true;
    private Map<String, OfNamedCache> caches = new LinkedHashMap<>();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public String getKeyPrefix() {
        return keyPrefix;
    }

    public void setKeyPrefix(String keyPrefix) {
        this.keyPrefix = keyPrefix;
    }

    public boolean isFailFast() {
        return failFast;
    }

    public void setFailFast(boolean failFast) {
        this.failFast = failFast;
    }

    public boolean isTransactionAware() {
        return transactionAware;
    }

    public void setTransactionAware(boolean transactionAware) {
        this.transactionAware = transactionAware;
    }

    public Map<String, OfNamedCache> getCaches() {
        return caches;
    }

    public void setCaches(Map<String, OfNamedCache> caches) {
        this.caches = caches;
    }

    /** What one cache has. */
    public static class OfNamedCache extends CommonCacheSettings {
        private @Nullable String type;

        public @Nullable String getType() {
            return type;
        }

        public void setType(@Nullable String type) {
            this.type = type;
        }
    }
}
