package io.cachewire.verification.servers.model;

/** twemproxy: closes at every command that it does not know, or whose form it does not like. */
final class TwemproxyGate implements Gate {
    private static final String NUMBER = "[0-9]+";

    @Override
    public boolean closesAtPackets() {
        return true;
    }

    @Override
    public boolean takes(Line line, Session session) {
        if (knows(line)) {
            return false;
        }
        session.close();
        return true;
    }

    private static boolean knows(Line line) {
        int size = line.size() - (line.isQuiet() ? 1 : 0);
        boolean keys = line.tokens().stream().allMatch(key -> key.length() <= Commands.LONGEST_KEY);
        return switch (line.command()) {
            case "get", "gets" -> size >= 2 && keys;
            case "set", "add", "replace", "append", "prepend" -> size == 5 && keys && numbers(line, 2, 5);
            case "cas" -> size == 6 && keys && numbers(line, 2, 6);
            case "incr", "decr" -> size == 3 && keys;
            case "touch" -> size == 3 && keys && numbers(line, 2, 3);
            case "delete" -> size == 2 && keys;
            case "version" -> true;
            default -> false;
        };
    }

    private static boolean numbers(Line line, int from, int to) {
        return line.tokens().subList(from, to).stream().allMatch(token -> token.matches(NUMBER));
    }
}
