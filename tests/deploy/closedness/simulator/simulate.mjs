// Answers one line of JSON, a list of simulations, by one line of JSON: a list of "Allowed", "ExplicitlyDenied",
// "ImplicitlyDenied", or {error}. Reads until its input ends, so that one process serves a whole test.
import { createInterface } from "node:readline";
import { anonymousPrincipal, runSimulation } from "@cloud-copilot/iam-simulate";

for await (const line of createInterface({ input: process.stdin })) {
  const answers = [];
  for (const simulation of JSON.parse(line)) {
    simulation.request.principal ??= anonymousPrincipal;
    const answer = await runSimulation(simulation, {});
    answers.push(
      answer.resultType === "error" ? { error: answer.errors } : (answer.overallResult ?? answer.analysis?.result),
    );
  }
  process.stdout.write(JSON.stringify(answers) + "\n");
}
