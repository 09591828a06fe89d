/** Values as plain JSON, by Jackson 3. */
@SuppressWarnings("module") // the digit is the major version of the library
module io.cachewire.serialization.jackson3 {
    requires transitive io.cachewire;
    requires transitive tools.jackson.databind;

    exports io.cachewire.serialization.jackson3;

    uses tools.jackson.databind.JacksonModule;
}
