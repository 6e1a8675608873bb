// The ids that Hugging Face's own library gives, as fingerprints, for tests/Cria.Interop.Tests/Answers/tokenizers.json:
//
//   mkdir /tmp/answers && cd /tmp/answers && npm init -y
//   npm install --ignore-scripts --no-audit --no-fund @anush008/tokenizers
//   cp REPOSITORY/scripts/make-tokenizer-answers.mjs . && node make-tokenizer-answers.mjs REPOSITORY DATA
//
// A variant (tokenizer-variants.json) is a real tokenizer.json with some parts replaced. Its answer for a text is the
// number of ids, the first 16 digits of the SHA-256 of the ids joined by spaces, and the same of the text decoded from
// them without special tokens.
import {createHash} from 'crypto';
import fs from 'fs';
import path from 'path';
import {createRequire} from 'module';

const [repository, data] = process.argv.slice(2);
const {Tokenizer} = createRequire(path.resolve('index.js'))('@anush008/tokenizers');
const answers = path.join(repository, 'tests/Cria.Interop.Tests/Answers');
const json = file => JSON.parse(fs.readFileSync(path.join(data, file), 'utf8'));
const bases = {
  gpt2: () => json('tokenizers/gpt2/tokenizer.json'),
  'gpt2 cut': () => cut(json('tokenizers/gpt2/tokenizer.json')),
  mistral: () => json('tokenizers/mistral-v1/tokenizer.json'),
  stories260K: () => json('checkpoints/stories260K-hf/tokenizer.json'),
  botchan: () => unigram(path.join(data, 'sentencepiece/test_model.model')),
  japanese: () => unigram(path.join(data, 'sentencepiece/test_ja_model.model')),
};
const digest = text => createHash('sha256').update(text).digest('hex').slice(0, 16);

const texts = {};
for (const part of fs.readFileSync(path.join(data, 'multilingual/udhr_40.txt'), 'utf8').split(/^=== /m).slice(1)) {
  const end = part.indexOf('\n');
  texts[part.slice(0, end).replace(' ===', '')] = part.slice(end + 1);
}
json('tokenizers/golden.json').forEach((entry, i) => texts['golden ' + i] = entry.text);

const variants = JSON.parse(fs.readFileSync(path.join(answers, 'tokenizer-variants.json'), 'utf8'));
const result = {};
for (const [name, {base, model, ...parts}] of Object.entries(variants)) {
  const file = {...bases[base](), ...parts};
  file.model = {...file.model, ...model};
  const tokenizer = Tokenizer.fromString(JSON.stringify(file));
  result[name] = {};
  for (const [language, text] of Object.entries(texts)) {
    const ids = (await tokenizer.encode(text, null, {addSpecialTokens: false})).getIds();
    const decoded = await tokenizer.decode(ids, true);
    result[name][language] = `${ids.length} ${digest(ids.join(' '))} ${digest(decoded)}`;
  }
}
fs.writeFileSync(path.join(answers, 'tokenizers.json'), JSON.stringify(result, null, 1) + '\n');

// GPT-2's first 3,000 merges: enough to tell parts apart, and quick to read.
function cut(file) {
  const vocab = Object.fromEntries(Object.entries(file.model.vocab).filter(([, id]) => id < 3256));
  vocab['<|endoftext|>'] = 3256;
  file.added_tokens[0].id = 3256;
  return {...file, model: {...file.model, vocab, merges: file.model.merges.slice(0, 3000)}};
}

// A SentencePiece unigram model as a tokenizer.json: its pieces, its character map, and "▁" for spaces.
function unigram(file) {
  const pieces = [];
  let map = '';
  for (const [field, value] of message(fs.readFileSync(file))) {
    if (field === 1) {
      const piece = Object.fromEntries(message(value));
      pieces.push([piece[1].toString('utf8'), piece[2] === undefined ? 0 : piece[2].readFloatLE(0)]);
    }
    if (field === 3)
      for (const [inner, bytes] of message(value))
        if (inner === 2)
          map = bytes.toString('base64');
  }
  return {
    version: '1.0', truncation: null, padding: null,
    added_tokens: ['<unk>', '<s>', '</s>'].map((content, id) => (
      {id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true})),
    normalizer: {type: 'Sequence', normalizers: [
      {type: 'Precompiled', precompiled_charsmap: map},
      {type: 'Strip', strip_left: true, strip_right: true},
      {type: 'Replace', pattern: {Regex: ' {2,}'}, content: ' '}]},
    pre_tokenizer: {type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true},
    post_processor: null,
    decoder: {type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true},
    model: {type: 'Unigram', unk_id: 0, vocab: pieces, byte_fallback: false},
  };
}

// The fields of a Protocol Buffers message: lengths as bytes, fixed numbers as bytes, the rest as numbers.
function* message(bytes) {
  let at = 0;
  const varint = () => { let value = 0, shift = 1; for (;;) { const b = bytes[at++]; value += (b & 127) * shift; if (b < 128) return value; shift *= 128; } };
  while (at < bytes.length) {
    const key = varint(), type = key % 8;
    if (type === 0) { yield [key >> 3, varint()]; continue; }
    const length = type === 2 ? varint() : type === 5 ? 4 : 8;
    yield [key >> 3, bytes.subarray(at, at += length)];
  }
}
