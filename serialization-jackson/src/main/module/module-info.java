/** Values as plain JSON, by Jackson 2. */
module io.cachewire.serialization.jackson {
    requires transitive io.cachewire;
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jsr310;

    exports io.cachewire.serialization.jackson;

    uses com.fasterxml.jackson.databind.Module;
}
