// Continues a prompt with llama.cpp, the most probable token every time, and prints {arch, ids, probabilities, text} as JSON:
// the prompt's tokens, and after each of them the five most probable next ones.
// node llama-cpp.mjs MODEL.gguf PROMPT MAX_TOKENS
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";
import path from "node:path";

// The package is looked for from where the command runs, so that it can be installed outside the repository.
const require = createRequire(path.join(process.cwd(), "here.js"));
const {getLlama, LlamaCompletion} = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);

const [file, prompt, count] = process.argv.slice(2);
const llama = await getLlama({gpu: false, build: "never", progressLogs: false, logLevel: "error"});
const model = await llama.loadModel({modelPath: file, gpuLayers: 0});
const ids = [...(model.tokens.shouldPrependBosToken ? [model.tokens.bos] : []), ...model.tokenize(prompt)];

// One thread: several that spin on a busy machine take minutes.
const options = {contextSize: Math.min(512, model.trainContextSize), threads: 1};
const probing = await model.createContext(options);
const plain = {temperature: 1, topK: 0, topP: 1, minP: 0};
const steps = await probing.getSequence().controlledEvaluate(ids.map((id) => [id, {generateNext: {probabilities: true, options: plain}}]));
const probabilities = steps.map((step) => [...step.next.probabilities].slice(0, 5));
await probing.dispose();

const context = await model.createContext(options);
const completion = new LlamaCompletion({contextSequence: context.getSequence()});
const text = await completion.generateCompletion(prompt, {maxTokens: Number(count), temperature: 0});
console.log(JSON.stringify({arch: model.fileInfo.metadata.general.architecture, ids, probabilities, text: prompt + text}));
process.exit(0);
