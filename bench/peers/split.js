// The canonical splits in decimal.js, 50 digits: ns a claim and the checksum.
//
//   npm install --prefix build/peers decimal.js@10.6.0
//   NODE_PATH=build/peers/node_modules node bench/peers/split.js splits.txt
const fs = require('fs');
const Decimal = require('decimal.js');

const prime = 1_000_000_007n;
const nanoseconds = 1_000_000_000n;
const fewestPasses = 20;

Decimal.set({ precision: 50 });

function readSplit(line) {
  const [quantity, ...weights] = line.split(' ').map((word) => new Decimal(word));
  return { quantity, weights, total: Decimal.sum(...weights) };
}

const lines = fs.readFileSync(process.argv[2], 'ascii').trim().split('\n');
const splits = lines.slice(1).map(readSplit);

let fastest = nanoseconds * 1000n;
let shares = [];
const end = process.hrtime.bigint() + nanoseconds;
for (let pass = 0; pass < fewestPasses || process.hrtime.bigint() < end; pass += 1) {
  const start = process.cpuUsage();
  shares = splits.map(({ quantity, weights, total }) =>
    weights.map((weight) => quantity.times(weight).div(total).floor()));
  const used = process.cpuUsage(start); // microseconds, the collector's threads too
  const took = BigInt(used.user + used.system) * 1000n;
  fastest = took < fastest ? took : fastest;
}
const all = shares.flat();
const checksum = all.reduce((sum, share) => (sum * 31n + BigInt(share.toFixed())) % prime, 0n);
console.log(`${(Number(fastest) / all.length).toFixed(1)} ${checksum}`);
