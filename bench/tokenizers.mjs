// Encoding beside Hugging Face's library, on the same text, by the same tokenizer.json, in turns:
//
//   mkdir /tmp/peers && cd /tmp/peers && npm init -y
//   npm install --ignore-scripts --no-audit --no-fund @anush008/tokenizers
//   NODE_MODULES=/tmp/peers bench/record.sh tokenizers TEXT TOKENIZER.json
//
// Each round runs `cria bench tokenizer` and the library's encodeBatch over pieces of 64 KB, with one thread and with all
// (RAYON_NUM_THREADS). Prints the medians of three rounds as JSON: millions of bytes a second, and how many times as fast.
import {execFileSync} from 'child_process';
import fs from 'fs';
import {createRequire} from 'module';
import os from 'os';
import path from 'path';
import {fileURLToPath} from 'url';

const [text, tokenizer, isChild] = process.argv.slice(2);
const self = fileURLToPath(import.meta.url), rounds = 3;
const {Tokenizer} = createRequire(path.resolve(process.env.NODE_MODULES ?? '.', 'index.js'))('@anush008/tokenizers');
const median = values => values.sort((a, b) => a - b)[values.length >> 1];

if (isChild) {
  const whole = fs.readFileSync(text, 'utf8'), pieces = [];
  for (let start = 0; start < whole.length;) {
    const end = whole.indexOf('\n', start + 65536) + 1 || whole.length;
    pieces.push(whole.slice(start, end));
    start = end;
  }
  const library = Tokenizer.fromFile(tokenizer);
  await library.encodeBatch(pieces.slice(0, 8), {addSpecialTokens: false}); // its threads exist from here on
  const began = performance.now();
  await library.encodeBatch(pieces, {addSpecialTokens: false});
  console.log(fs.statSync(text).size / (performance.now() - began) / 1000);
} else {
  const theirs = threads => +execFileSync(process.execPath, [self, text, tokenizer, 'child'],
    {env: {...process.env, RAYON_NUM_THREADS: threads}, stdio: ['ignore', 'pipe', 'ignore']});
  const cria = path.join(path.dirname(self), '..', 'cria');
  const one = [], all = [], ours = [], threads = os.cpus().length;
  for (let round = 0; round < rounds; round++) {
    ours.push(JSON.parse(execFileSync(cria, ['bench', 'tokenizer', text, '--tokenizer', tokenizer, '--json'])));
    one.push(theirs(1));
    all.push(theirs(threads));
  }
  const result = {
    threads,
    cria: {one_thread: median(ours.map(r => r.encode_one_thread)), all_threads: median(ours.map(r => r.encode))},
    huggingface: {one_thread: median(one), all_threads: median(all)},
  };
  result.times_one_thread = result.cria.one_thread / result.huggingface.one_thread;
  result.times_all_threads = result.cria.all_threads / result.huggingface.all_threads;
  console.log(JSON.stringify(result, null, 1));
}
