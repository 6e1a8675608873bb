// Compares what llama-cpp.mjs printed with Cria's logits for the same tokens, and both texts; 1 where they differ.
// node compare.mjs theirs.json logits.json ours.txt
import fs from "node:fs";

const [theirs, {logits}, ours] = process.argv.slice(2).map((file, i) => {
    const text = fs.readFileSync(file, "utf8");
    return i < 2 ? JSON.parse(text) : text;
});
let worst = 0;
theirs.probabilities.forEach((next, row) => {
    const most = Math.max(...logits[row]), sum = logits[row].reduce((total, logit) => total + Math.exp(logit - most), 0);
    for (const [id, probability] of next)
        worst = Math.max(worst, Math.abs(probability - Math.exp(logits[row][id] - most) / sum));
});
const a = ours.trimEnd(), b = theirs.text.trimEnd();
let same = 0;
while (same < a.length && a[same] === b[same])
    same++;
const isNear = worst < 2e-3; // llama.cpp keeps keys, values and GELU in 16 bits
console.log(`${theirs.arch}: ${theirs.ids.length} tokens, probabilities ${isNear ? "" : "DIFFER, "}at most ${worst.toExponential(1)} apart; `
    + (a === b ? `${a.length} characters the same` : `texts DIFFER after ${same} of ${a.length} characters\ncria:      ${a}\nllama.cpp: ${b}`));
process.exit(a === b && isNear ? 0 : 1);
