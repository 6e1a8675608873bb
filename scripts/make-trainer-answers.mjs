// The vocabularies that Hugging Face's own trainer learns, as fingerprints, for BpeTrainingTests:
//
//   mkdir /tmp/answers && cd /tmp/answers && npm init -y
//   npm install --ignore-scripts --no-audit --no-fund @anush008/tokenizers
//   node REPOSITORY/scripts/make-trainer-answers.mjs TEXT
//
// Prints for plain byte-level BPE and for BabyLlama's (NFKC, a prefix space) the number of tokens and the SHA-256 of all
// of them by id, joined by line ends. The library's trainer has its default settings: 30,000 tokens, no special ones.
import {createHash} from 'crypto';
import {createRequire} from 'module';
import path from 'path';

const {Tokenizer} = createRequire(path.resolve('index.js'))('@anush008/tokenizers');
const bytes = prefix => ({type: 'ByteLevel', add_prefix_space: prefix, trim_offsets: true, use_regex: true});
for (const [name, normalizer, prefix] of [['plain', null, false], ['BabyLlama', {type: 'NFKC'}, true]]) {
  const tokenizer = Tokenizer.fromString(JSON.stringify({
    version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer, pre_tokenizer: bytes(prefix),
    post_processor: null, decoder: bytes(true),
    model: {
      type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null,
      fuse_unk: false, byte_fallback: false, vocab: {}, merges: [],
    },
  }));
  tokenizer.train([process.argv[2]]);
  const tokens = [];
  for (const [token, id] of Object.entries(tokenizer.getVocab())) tokens[id] = token;
  console.log(name, tokens.length, createHash('sha256').update(tokens.join('\n')).digest('hex'));
}
