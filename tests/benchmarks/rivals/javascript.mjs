// Trains a network with a published JavaScript engine: node javascript.mjs FOLDER ENGINE WORK
// FOLDER holds node_modules; WORK is JSON {sizes, batch, rate, hidden, x, y}. Every line read is a number
// of updates (batches) to do; every line written is the processor seconds they took.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";

const [folder, engine, file] = process.argv.slice(2);
const require = createRequire(folder + "/");
const work = JSON.parse(readFileSync(file, "utf8"));
const { x, y, sizes, batch, rate, hidden } = work;

// Mini-batches by a loop over samples, gradients gathered until the batch is full, then one update.
function convnetjs() {
  const cn = require("convnetjs");
  const layers = [{ type: "input", out_sx: 1, out_sy: 1, out_depth: sizes[0] }];
  for (const size of sizes.slice(1, -1)) layers.push({ type: "fc", num_neurons: size, activation: hidden });
  layers.push({ type: "regression", num_neurons: sizes.at(-1) });
  const net = new cn.Net();
  net.makeLayers(layers);
  const trainer = new cn.Trainer(net, {
    method: "sgd", learning_rate: rate, momentum: 0, batch_size: batch, l1_decay: 0, l2_decay: 0,
  });
  const inputs = x.map((row) => {
    const vol = new cn.Vol(1, 1, sizes[0], 0);
    vol.w.set(row);
    return vol;
  });
  return (i) => trainer.train(inputs[i], y[i]);
}

// Code made for the network at hand; updates after every sample, for it knows no batches.
function synaptic() {
  const { Architect, Neuron } = require("synaptic");
  const net = new Architect.Perceptron(...sizes);
  for (const layer of [...net.layers.hidden, net.layers.output]) layer.set({ squash: Neuron.squash.TANH });
  return (i) => {
    net.activate(x[i]);
    net.propagate(rate, y[i]);
  };
}

const train = { convnetjs, synaptic }[engine]();
let at = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const samples = Number(line) * batch;
  const began = process.cpuUsage();
  for (let k = 0; k < samples; k++) {
    train(at);
    if (++at === x.length) at = 0;
  }
  const spent = process.cpuUsage(began);
  console.log((spent.user + spent.system) / 1e6);
}
