// The canonical splits in Java's BigDecimal: ns a claim and the checksum.
//
//   javac -d build/peers bench/peers/Split.java && java -cp build/peers Split splits.txt
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class Split {
    private static final long PRIME = 1_000_000_007;
    private static final long NANOSECONDS = 3_000_000_000L; // the compiler wants some to warm up

    private final BigDecimal quantity;
    private final BigDecimal[] weights;
    private final BigDecimal[] shares;
    private BigDecimal total = BigDecimal.ZERO;

    private Split(String line) {
        String[] words = line.split(" ");
        quantity = new BigDecimal(words[0]);
        weights = new BigDecimal[words.length - 1];
        shares = new BigDecimal[weights.length];
        for (int i = 0; i < weights.length; ++i) {
            weights[i] = new BigDecimal(words[i + 1]);
            total = total.add(weights[i]);
        }
    }

    private void floors() {
        for (int i = 0; i < weights.length; ++i) {
            shares[i] = quantity.multiply(weights[i]).divide(total, 0, RoundingMode.FLOOR);
        }
    }

    public static void main(String[] words) throws Exception {
        List<Split> splits = Files.lines(Path.of(words[0])).skip(1).map(Split::new).toList();
        long fastest = Long.MAX_VALUE;
        for (long end = System.nanoTime() + NANOSECONDS; System.nanoTime() < end;) {
            long start = System.nanoTime();
            splits.forEach(Split::floors);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        long claims = 0;
        long checksum = 0;
        for (Split split : splits) {
            for (BigDecimal share : split.shares) {
                claims += 1;
                checksum = (checksum * 31 + share.longValueExact() % PRIME) % PRIME;
            }
        }
        System.out.printf("%.1f %d%n", (double) fastest / claims, checksum);
    }
}
