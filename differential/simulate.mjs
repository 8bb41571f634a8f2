// Answers simulations, one JSON line in, one JSON line out: the other end of `Simulate` in peers.py.
// The line {"bench": SIMULATION, "seconds": N} is answered with how many of it one processor second decides.
import { createInterface } from "node:readline";
import { runSimulation } from "@cloud-copilot/iam-simulate";

async function decide(simulation) {
  const answer = await runSimulation(simulation, {});
  if (answer.resultType === "error") return { error: answer.errors };
  const results = answer.resultType === "single" ? [answer.result] : answer.results;
  return { result: answer.overallResult, ignored: results.flatMap((one) => one.ignoredContextKeys ?? []) };
}

async function bench(simulation, seconds) {
  for (let i = 0; i < 20; i++) await runSimulation(simulation, {});
  const start = process.cpuUsage();
  let count = 0;
  let used = 0;
  while (used < seconds * 1e6) {
    await runSimulation(simulation, {});
    count++;
    const { user, system } = process.cpuUsage(start);
    used = user + system;
  }
  return { rate: (count * 1e6) / used };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  try {
    const answer = asked.bench ? await bench(asked.bench, asked.seconds) : await decide(asked);
    console.log(JSON.stringify(answer));
  } catch (error) {
    console.log(JSON.stringify({ error: { thrown: String(error) } }));
  }
}
