import type { Sample } from "./reliability.ts";

/** Platt's constants, as the variable `CALIBRATION` takes them (docs/deploy.md). */
export interface PlattConstants {
  readonly slope: number;
  readonly intercept: number;
}

/** The least distance of a probability from 0 and 1, so that its logit is finite. The Worker uses the same. */
const EDGE = 1e-6;
const MOST_STEPS = 100;
/** A step is halved until it lowers the loss, or is as small as this. */
const LEAST_STEP = 1e-10;
/** Added to the curvature, so that samples of nearly one score have a solution. */
const RIDGE = 1e-12;
/** The search ends where both gradients are smaller. */
const FLAT = 1e-7;

/** The calibrated probability: `1 / (1 + exp(-(slope × logit(raw) + intercept)))`. */
export function calibrated(raw: number, { slope, intercept }: PlattConstants): number {
  return sigmoid(slope * logitOf(raw) + intercept);
}

/**
 * Fits Platt's constants by maximum likelihood (Platt, "Probabilistic outputs for support vector machines", 1999), with
 * Newton's method and the targets of Lin, Lin and Weng, "A note on Platt's probabilistic outputs" (2007), which keep
 * the constants finite where the scores separate the samples. Where all scores are equal, nothing tells the slope from
 * the intercept: the slope is then 0. Throws when all samples are true, or none is.
 */
export function fitPlatt(samples: readonly Sample[]): PlattConstants {
  const positives = samples.filter(({ truth }) => truth === 1).length;
  const negatives = samples.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new Error(`${positives} samples are visible and ${negatives} are not: the fit needs both`);
  }
  const points = samples.map(({ probability, truth }) => ({
    x: logitOf(probability),
    target: truth === 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2),
  }));
  if (points.every(({ x }) => x === points[0]?.x)) {
    const target = points.reduce((sum, point) => sum + point.target, 0) / points.length;
    return { slope: 0, intercept: Math.log(target / (1 - target)) };
  }
  let constants = { slope: 0, intercept: Math.log((positives + 1) / (negatives + 1)) };
  let loss = lossOf(points, constants);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, direction } = newton(points, constants);
    if (gradient.every((one) => Math.abs(one) < FLAT)) break;
    const next = lineSearch(points, constants, direction, loss);
    if (!next) break;
    ({ constants, loss } = next);
  }
  return constants;
}

interface Point {
  readonly x: number;
  readonly target: number;
}

/** The gradient of the loss, and the direction in which Newton's method goes: both as [slope, intercept]. */
function newton(points: readonly Point[], { slope, intercept }: PlattConstants) {
  let [xx, x1, one, gradientSlope, gradientIntercept] = [RIDGE, 0, RIDGE, 0, 0];
  for (const { x, target } of points) {
    const p = sigmoid(slope * x + intercept);
    const weight = p * (1 - p);
    xx += weight * x * x;
    x1 += weight * x;
    one += weight;
    gradientSlope += (p - target) * x;
    gradientIntercept += p - target;
  }
  const determinant = xx * one - x1 * x1;
  const direction = [
    -(one * gradientSlope - x1 * gradientIntercept) / determinant,
    -(xx * gradientIntercept - x1 * gradientSlope) / determinant,
  ] as const;
  return { gradient: [gradientSlope, gradientIntercept], direction };
}

/** The longest step, of 1, 1/2, 1/4 and so on, that lowers the loss; null when none does. */
function lineSearch(
  points: readonly Point[],
  { slope, intercept }: PlattConstants,
  [slopeStep, interceptStep]: readonly [number, number],
  loss: number,
) {
  for (let size = 1; size >= LEAST_STEP; size /= 2) {
    const constants = { slope: slope + size * slopeStep, intercept: intercept + size * interceptStep };
    const lower = lossOf(points, constants);
    if (lower < loss) return { constants, loss: lower };
  }
  return null;
}

/** The negative log-likelihood, without overflow: log(1 + exp(z)) − target × z. */
function lossOf(points: readonly Point[], { slope, intercept }: PlattConstants): number {
  return points.reduce((sum, { x, target }) => {
    const z = slope * x + intercept;
    return sum + Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z;
  }, 0);
}

function logitOf(probability: number): number {
  const clamped = Math.min(1 - EDGE, Math.max(EDGE, probability));
  return Math.log(clamped / (1 - clamped));
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
