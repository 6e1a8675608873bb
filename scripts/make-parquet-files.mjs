// Parquet files of other programs for tests/Cria.Data.Tests/Parquet/Files, and what stands in them:
//
//   mkdir /tmp/parquet && cd /tmp/parquet && npm init -y
//   npm install --no-audit --no-fund @duckdb/node-api hyparquet-writer parquet-wasm apache-arrow
//   node REPOSITORY/scripts/make-parquet-files.mjs FOLDER [MEGABYTES]
//
// DuckDB, hyparquet-writer (JavaScript) and Arrow's parquet crate (Rust) write the same rows with every codec, encoding
// and kind of page that they have. rows.jsonl holds the rows; files.json says which of them stand in which file. SEED=n
// makes other rows. With MEGABYTES the folder gets one file with so much text instead, in the shape of web corpora, and
// web.json with what DuckDB reads of it; CODEC and ROW_GROUP_SIZE say how it is written.
import {createHash} from 'crypto';
import fs from 'fs';
import path from 'path';
import zlib from 'zlib';
import {createRequire} from 'module';
import {pathToFileURL} from 'url';

const [folder, megabytes] = process.argv.slice(2);
const packages = createRequire(path.resolve('index.js'));
const module = async name => import(pathToFileURL(packages.resolve(name)));
const {DuckDBInstance} = await module('@duckdb/node-api');
fs.mkdirSync(folder, {recursive: true});

// A small generator with a seed (Park and Miller), so that the rows are the same every time.
let state = Number(process.env.SEED ?? 20251);
const below = n => (state = state * 48271 % 2147483647) % n;
const pick = list => list[below(list.length)];
const people = ['Nora', 'Tobias', 'Mrs Quill', 'the ferryman', 'Zoë', 'Łukasz', 'old Ana', 'the baker’s son'];
const deeds = ['mended', 'painted', 'forgot', 'sold', 'counted', 'hid', 'carried home', 'found'];
const things = ['a blue kite', 'seven pears', 'the broken clock', 'a jar of honey', 'the ladder', 'two tickets', 'ein Stück Käse', '一只猫'];
const places = ['by the canal', 'behind the mill', 'in the rain', 'на мосту', 'at the fair', 'under the stairs', 'before breakfast'];
const sentence = () => `${pick(people)} ${pick(deeds)} ${pick(things)} ${pick(places)}.`;
const story = sentences => Array.from({length: sentences}, sentence).join(' ');

const authors = ['N. Quill', 'T. Brook', 'Ż. Wróbel', null];
const special = ['', ' ', 'x', '🙂', 'a\tb\nc\r\n', '"quoted" \\ and \u0001', 'é', 'x'.repeat(5000), story(60)];
const rows = Array.from({length: 160}, (_, i) => ({
  id: i,
  text: i % 11 === 5 ? null : i % 17 === 3 ? special[(i - 3) / 17 % special.length | 0]
    : i % 23 === 7 ? 'Once more.' : story(1 + below(3)),
  author: authors[below(i < 80 ? 2 : 4)],
  url: `example.org/stories/${String(i).padStart(4, '0')}/${pick(things).split(' ').pop()}`,
}));
// DuckDB reads what a JSON file says, so nothing is between it and the rows.
const rowsFile = path.join(folder, 'rows.jsonl');

const files = {};
const file = (name, description, part = {}) => {
  files[name] = {description, rows: rows.length, ...part};
  return path.join(folder, name);
};

async function duckdb() {
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  if (megabytes)
    return web(db);
  const columns = "{id: 'BIGINT', text: 'VARCHAR', author: 'VARCHAR', url: 'VARCHAR'}";
  await db.run(`create table stories as
    select * from read_json('${rowsFile}', format = 'newline_delimited', columns = ${columns})`);
  for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw']) {
    await db.run(`copy (select id, text, author from stories order by id) to '${file(`duckdb-${codec}.parquet`, `DuckDB, ${codec}`)}'
      (format parquet, compression ${codec})`);
  }
  await db.run(`copy (select * from stories order by id) to '${file('duckdb-v2.parquet', 'DuckDB, version 2: delta encodings, zstd')}'
    (format parquet, compression zstd, parquet_version v2, dictionary_size_limit 1)`);
  await db.run(`copy (select id, text, author from stories order by id) to '${file('duckdb-plain.parquet', 'DuckDB, no dictionary, Snappy')}'
    (format parquet, compression snappy, dictionary_size_limit 1)`);
  // Structures, lists and maps around the text; a structure that is null makes its texts null.
  await db.run(`copy (select ['a', text, author] as words, {score: id / 7.0, within: {text: text, list: [id]}} as meta, text,
      map {'k': author} as labels, case when id % 3 = 0 then null else {author: author, url: url} end as origin, id % 2 = 0 as even,
      current_date as day, id::decimal(9, 2) as price, encode(coalesce(text, '')) as bytes
    from stories order by id) to '${file('duckdb-nested.parquet', 'DuckDB, text beside and inside structures, lists and maps', {nested: true})}'
    (format parquet, compression snappy)`);
  // Row groups have at least 2048 rows; the texts follow a rule, so that the file stays small.
  await db.run(`copy (select 'line ' || i || case when i % 5 = 0 then ' again' else '' end as text, 'group ' || i // 1000 as author
    from range(6000) t(i)) to '${file('duckdb-row-groups.parquet', 'DuckDB, three row groups', {rows: 6000, rule: 'lines'})}'
    (format parquet, compression zstd, row_group_size 2048)`);
  await db.run(`copy (select text from stories where false) to '${file('duckdb-empty.parquet', 'DuckDB, no rows', {rows: 0})}' (format parquet)`);
  await db.run(`copy (select id, null::varchar as text from stories) to '${file('duckdb-nulls.parquet', 'DuckDB, nothing but nulls', {nulls: true})}'
    (format parquet)`);
}

// As FineWeb and its like: a text of some thousand characters and what is known of it.
async function web(db) {
  const text = Array.from({length: 4000}, () => story(20 + below(40)).replaceAll("'", "''"));
  await db.run('create table parts (i integer, part varchar)');
  for (let i = 0; i < text.length; i += 100)
    await db.run(`insert into parts values ${text.slice(i, i + 100).map((part, j) => `(${i + j}, '${part}')`).join(',')}`);
  const bytes = text.reduce((sum, part) => sum + Buffer.byteLength(part), 0) / text.length;
  const count = Math.round(megabytes * 1e6 / bytes);
  await db.run(`copy (select part || ' ' || n as text, '<urn:uuid:' || md5(n::varchar) || '>' as id, 'CC-MAIN-2024-10' as dump,
      'https://example.org/' || n as url, '2024-03-0' || (n % 9 + 1) || 'T00:00:00Z' as date, 's3://example/' || n // 100 as file_path, 'en' as language,
      0.9 + (n % 100) / 1000 as language_score, length(part) // 4 as token_count
    from range(${count}) t(n) join parts on i = (n * 7919 + n // 4000) % 4000 order by n)
    to '${path.join(folder, 'web.parquet')}' (format parquet, compression ${process.env.CODEC ?? 'snappy'},
    row_group_size ${process.env.ROW_GROUP_SIZE ?? 10000})`);
  const hash = createHash('sha256');
  let read = 0, textBytes = 0;
  const result = await db.stream(`select text from read_parquet('${path.join(folder, 'web.parquet')}')`);
  for (let chunk = await result.fetchChunk(); chunk?.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const value of chunk.getColumnValues(0)) {
      hash.update(value + '\n');
      textBytes += Buffer.byteLength(value);
      read++;
    }
  }
  fs.writeFileSync(path.join(folder, 'web.json'), JSON.stringify({rows: read, textBytes, sha256: hash.digest('hex')}) + '\n');
}

async function hyparquet() {
  const {parquetWriteFile} = await module('hyparquet-writer');
  const column = (name, more = {}) => ({name, data: rows.map(row => row[name]), type: name === 'id' ? 'INT32' : 'STRING', ...more});
  const compressors = {GZIP: bytes => new Uint8Array(zlib.gzipSync(bytes)), BROTLI: bytes => new Uint8Array(zlib.brotliCompressSync(bytes))};
  const write = (name, description, columnData, options = {}, part = {}) =>
    parquetWriteFile({filename: file(name, `hyparquet-writer, ${description}`, part), columnData, compressors, ...options});
  write('hyparquet-snappy.parquet', 'Snappy', [column('id'), column('text'), column('author')]);
  write('hyparquet-gzip.parquet', 'gzip, small pages', [column('text'), column('author')], {codec: 'GZIP', pageSize: 2000});
  write('hyparquet-brotli.parquet', 'brotli, four row groups', [column('text'), column('author')], {codec: 'BROTLI', rowGroupSize: 50});
  write('hyparquet-uncompressed.parquet', 'not packed', [column('text'), column('author')], {codec: 'UNCOMPRESSED', rowGroupSize: [10, 70]});
  write('hyparquet-delta-length.parquet', 'DELTA_LENGTH_BYTE_ARRAY', [column('text', {encoding: 'DELTA_LENGTH_BYTE_ARRAY'}), column('author')],
    {pageSize: 4000});
  write('hyparquet-delta.parquet', 'DELTA_BYTE_ARRAY', [column('text', {encoding: 'DELTA_BYTE_ARRAY'}), column('author'),
    column('url', {encoding: 'DELTA_BYTE_ARRAY'})], {pageSize: 4000});
  write('hyparquet-dictionary.parquet', 'dictionary', [column('text', {encoding: 'RLE_DICTIONARY'}), column('author')], {pageSize: 300});
  write('hyparquet-required.parquet', 'no nulls allowed', [{name: 'text', data: rows.map(row => row.text ?? ''), type: 'STRING', nullable: false}],
    {}, {emptyForNull: true});
  write('hyparquet-long-statistics.parquet', 'whole texts as statistics', [column('text'), column('author')], {statisticsTruncateLength: Infinity});
}

async function arrow() {
  const arrow = await module('apache-arrow');
  const {default: _, ...parquet} = await module('parquet-wasm');
  const {Compression, Encoding, WriterVersion} = parquet;
  const vector = name => arrow.vectorFromArray(rows.map(row => row[name]), name === 'id' ? new arrow.Int32() : new arrow.Utf8());
  const ipc = arrow.tableToIPC(new arrow.Table({id: vector('id'), text: vector('text'), author: vector('author'), url: vector('url')}), 'stream');
  const write = (name, description, properties) => fs.writeFileSync(file(name, `Arrow's parquet crate, ${description}`),
    parquet.writeParquet(parquet.Table.fromIPCStream(ipc), properties(new parquet.WriterPropertiesBuilder()).build()));
  write('arrow-zstd.parquet', 'zstd, two row groups', p => p.setCompression(Compression.ZSTD).setMaxRowGroupSize(100));
  write('arrow-snappy-pages.parquet', 'Snappy, small pages, a dictionary that overflows',
    p => p.setCompression(Compression.SNAPPY).setDataPageSizeLimit(1500).setWriteBatchSize(8).setDictionaryPageSizeLimit(1500));
  write('arrow-lz4-raw.parquet', 'LZ4_RAW, no dictionary', p => p.setCompression(Compression.LZ4_RAW).setDictionaryEnabled(false));
  write('arrow-v2-brotli.parquet', 'version 2, brotli', p => p.setWriterVersion(WriterVersion.V2).setCompression(Compression.BROTLI));
  write('arrow-v2-delta.parquet', 'version 2, DELTA_BYTE_ARRAY, gzip, small pages', p => p.setWriterVersion(WriterVersion.V2)
    .setCompression(Compression.GZIP).setDictionaryEnabled(false).setDataPageSizeLimit(3000).setWriteBatchSize(16));
  write('arrow-v2-delta-length.parquet', 'version 2, DELTA_LENGTH_BYTE_ARRAY, Snappy', p => p.setWriterVersion(WriterVersion.V2)
    .setCompression(Compression.SNAPPY).setDictionaryEnabled(false).setColumnEncoding('text', Encoding.DELTA_LENGTH_BYTE_ARRAY));
  write('arrow-uncompressed.parquet', 'not packed', p => p.setCompression(Compression.UNCOMPRESSED));
  // The older frames that Hadoop puts around LZ4: refused, in words.
  fs.writeFileSync(path.join(folder, 'refused-lz4-hadoop.parquet'), parquet.writeParquet(parquet.Table.fromIPCStream(ipc),
    new parquet.WriterPropertiesBuilder().setCompression(Compression.LZ4).setDictionaryEnabled(false).build()));
}

if (!megabytes)
  fs.writeFileSync(rowsFile, rows.map(row => JSON.stringify(row)).join('\n') + '\n');
await duckdb();
if (!megabytes) {
  await hyparquet();
  await arrow();
  fs.writeFileSync(path.join(folder, 'files.json'), JSON.stringify(files, null, 2) + '\n');
}
