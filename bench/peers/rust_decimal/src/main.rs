//! The canonical splits in rust_decimal: ns a claim and the checksum. The product of a quantity
//! and a weight has to fit its 96 bits, or multiplying panics.
use rust_decimal::Decimal;
use std::time::{Duration, Instant};

const PRIME: u64 = 1_000_000_007;

struct Split {
    quantity: Decimal,
    weights: Vec<Decimal>,
    total: Decimal,
    shares: Vec<Decimal>,
}

fn read_split(line: &str) -> Split {
    let numbers: Vec<Decimal> = line
        .split(' ')
        .map(|word| word.parse().expect("a number"))
        .collect();
    let weights = numbers[1..].to_vec();
    Split {
        quantity: numbers[0],
        total: weights.iter().sum(),
        shares: weights.clone(),
        weights,
    }
}

fn floors(split: &mut Split) {
    for (share, weight) in split.shares.iter_mut().zip(&split.weights) {
        *share = (split.quantity * weight / split.total).floor();
    }
}

fn main() {
    let path = std::env::args().nth(1).expect("a file of splits");
    let text = std::fs::read_to_string(path).expect("a readable file");
    let mut splits: Vec<Split> = text.lines().skip(1).map(read_split).collect();
    let mut fastest = Duration::MAX;
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(1) {
        let start = Instant::now();
        splits.iter_mut().for_each(floors);
        std::hint::black_box(&splits);
        fastest = fastest.min(start.elapsed());
    }
    let mut claims = 0;
    let mut checksum = 0;
    for share in splits.iter().flat_map(|split| &split.shares) {
        let units = u64::try_from(*share).expect("a whole number");
        claims += 1;
        checksum = (checksum * 31 + units % PRIME) % PRIME;
    }
    println!("{:.1} {checksum}", fastest.as_nanos() as f64 / f64::from(claims));
}
