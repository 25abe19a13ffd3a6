/** Remainders of flow up to this count as none: sums of floating-point numbers leave some. */
const NONE_LEFT = 1e-9;
/** What `#parent` holds beside the number of an arc: no tree, a root of a tree, and a node that lost its parent. */
const [FREE, ROOT, ORPHAN] = [-1, -2, -3];

/**
 * The cheapest division of nodes into two sides, 0 and 1 (the maximum flow of Boykov and Kolmogorov, IEEE PAMI 26(9),
 * 2004). A node pays the cost of its side, and two linked nodes on different sides pay the weight of their link. Two
 * trees of nodes grow from the two sides; where they meet, flow is pushed, and what is cut off from its tree is adopted
 * by another branch or let go.
 */
export class MinCut {
  /** Arcs come in pairs: arc `a` and its reverse `a ^ 1`. */
  readonly #firstArc: Int32Array;
  readonly #nextArc: Int32Array;
  readonly #target: Int32Array;
  readonly #capacity: Float64Array;
  /** What remains of a node's preference: above 0 for side 0, below 0 for side 1. */
  readonly #preference: Float64Array;
  readonly #parent: Int32Array;
  readonly #side: Uint8Array;
  readonly #distance: Int32Array;
  readonly #checkedAt: Int32Array;
  readonly #queue: number[] = [];
  readonly #orphans: number[] = [];
  #arcs = 0;
  #time = 0;

  /** @param links the most links that will be added */
  constructor(nodes: number, links: number) {
    this.#firstArc = new Int32Array(nodes).fill(-1);
    this.#nextArc = new Int32Array(2 * links);
    this.#target = new Int32Array(2 * links);
    this.#capacity = new Float64Array(2 * links);
    this.#preference = new Float64Array(nodes);
    this.#parent = new Int32Array(nodes).fill(FREE);
    this.#side = new Uint8Array(nodes);
    this.#distance = new Int32Array(nodes);
    this.#checkedAt = new Int32Array(nodes);
  }

  /** What a node pays on side 0 and on side 1. */
  pay(node: number, side0: number, side1: number): void {
    this.#preference[node] = side1 - side0;
  }

  /** What two nodes pay when they are on different sides, not negative. */
  link(a: number, b: number, weight: number): void {
    this.#arc(a, b, weight);
    this.#arc(b, a, weight);
  }

  /** The side of each node. A node that costs the same on both sides is on side 1. Call it once. */
  solve(): Uint8Array {
    for (let node = 0; node < this.#parent.length; node++) {
      const preference = this.#preference[node] ?? 0;
      if (preference === 0) continue;
      this.#side[node] = preference > 0 ? 0 : 1;
      this.#parent[node] = ROOT;
      this.#distance[node] = 1;
      this.#queue.push(node);
    }
    for (let next = 0; next < this.#queue.length; next++) {
      const node = this.#queue[next] ?? 0;
      // Each bridge that is found may leave another one at the same node.
      while (this.#parent[node] !== FREE) {
        const bridge = this.#grow(node);
        if (bridge < 0) break;
        this.#time++;
        this.#push(bridge);
        for (let orphan = 0; orphan < this.#orphans.length; orphan++) this.#adopt(this.#orphans[orphan] ?? 0);
        this.#orphans.length = 0;
      }
    }
    return Uint8Array.from(this.#parent, (parent, node) => (parent === FREE ? 1 : (this.#side[node] ?? 0)));
  }

  #arc(from: number, to: number, capacity: number): void {
    const arc = this.#arcs++;
    this.#target[arc] = to;
    this.#capacity[arc] = capacity;
    this.#nextArc[arc] = this.#firstArc[from] ?? 0;
    this.#firstArc[from] = arc;
  }

  /** Capacity of an arc away from the root of the tree of `side`. */
  #outward(arc: number, side: number): number {
    return this.#capacity[side === 0 ? arc : arc ^ 1] ?? 0;
  }

  /** Add a node's free neighbours to its tree. Returns an arc from the tree of side 0 to that of side 1, or -1. */
  #grow(node: number): number {
    const side = this.#side[node] ?? 0;
    for (let arc = this.#firstArc[node] ?? 0; arc >= 0; arc = this.#nextArc[arc] ?? 0) {
      if (this.#outward(arc, side) <= 0) continue;
      const other = this.#target[arc] ?? 0;
      if (this.#parent[other] === FREE) {
        this.#side[other] = side;
        this.#setParent(other, arc ^ 1, (this.#distance[node] ?? 0) + 1, this.#checkedAt[node] ?? 0);
        this.#queue.push(other);
      } else if (this.#side[other] !== side) return side === 0 ? arc : arc ^ 1;
    }
    return -1;
  }

  #setParent(node: number, arc: number, distance: number, checkedAt: number): void {
    this.#parent[node] = arc;
    this.#distance[node] = distance;
    this.#checkedAt[node] = checkedAt;
  }

  /** Push as much flow as fits from root to root, through an arc that joins the trees. */
  #push(bridge: number): void {
    const ends = [this.#target[bridge ^ 1] ?? 0, this.#target[bridge] ?? 0] as const;
    let flow = this.#capacity[bridge] ?? 0;
    for (const [side, end] of ends.entries()) {
      let node = end;
      for (let arc = this.#parent[node] ?? 0; arc !== ROOT; arc = this.#parent[node] ?? 0) {
        flow = Math.min(flow, this.#outward(arc ^ 1, side));
        node = this.#target[arc] ?? 0;
      }
      flow = Math.min(flow, Math.abs(this.#preference[node] ?? 0));
    }
    this.#move(bridge, flow);
    for (const [side, end] of ends.entries()) {
      let node = end;
      for (let arc = this.#parent[node] ?? 0; arc !== ROOT; arc = this.#parent[node] ?? 0) {
        this.#move(side === 0 ? arc ^ 1 : arc, flow);
        if (this.#outward(arc ^ 1, side) <= 0) this.#loseParent(node);
        node = this.#target[arc] ?? 0;
      }
      const left = Math.abs(this.#preference[node] ?? 0) - flow;
      this.#preference[node] = left <= NONE_LEFT ? 0 : side === 0 ? left : -left;
      if (left <= NONE_LEFT) this.#loseParent(node);
    }
  }

  #move(arc: number, flow: number): void {
    const left = (this.#capacity[arc] ?? 0) - flow;
    this.#capacity[arc] = left <= NONE_LEFT ? 0 : left;
    this.#capacity[arc ^ 1] = (this.#capacity[arc ^ 1] ?? 0) + flow;
  }

  #loseParent(node: number): void {
    this.#parent[node] = ORPHAN;
    this.#orphans.push(node);
  }

  /** Give an orphan the neighbour of its tree that is closest to the root as a parent, or let it and its branch go. */
  #adopt(node: number): void {
    const side = this.#side[node] ?? 0;
    let [best, shortest] = [FREE, Infinity];
    for (let arc = this.#firstArc[node] ?? 0; arc >= 0; arc = this.#nextArc[arc] ?? 0) {
      const other = this.#target[arc] ?? 0;
      if (this.#side[other] !== side || this.#outward(arc ^ 1, side) <= 0) continue;
      const distance = this.#toRoot(other);
      if (distance < shortest) [best, shortest] = [arc, distance];
    }
    if (best !== FREE) {
      this.#setParent(node, best, shortest + 1, this.#time);
      return;
    }
    this.#parent[node] = FREE;
    for (let arc = this.#firstArc[node] ?? 0; arc >= 0; arc = this.#nextArc[arc] ?? 0) {
      const other = this.#target[arc] ?? 0;
      const parent = this.#parent[other] ?? 0;
      if (this.#side[other] !== side || parent === FREE) continue;
      if (this.#outward(arc ^ 1, side) > 0) this.#queue.push(other);
      if (parent >= 0 && this.#target[parent] === node) this.#loseParent(other);
    }
  }

  /** Arcs from a node to its root; infinite when its branch is cut off. Remembers the way for this adoption. */
  #toRoot(start: number): number {
    let node = start;
    let steps = 0;
    while (this.#checkedAt[node] !== this.#time) {
      const parent = this.#parent[node] ?? 0;
      if (parent === FREE || parent === ORPHAN) return Infinity;
      if (parent === ROOT) {
        this.#distance[node] = 1;
        break;
      }
      node = this.#target[parent] ?? 0;
      steps++;
    }
    const total = (this.#distance[node] ?? 0) + steps;
    this.#checkedAt[node] = this.#time;
    let distance = total;
    for (let at = start; at !== node; at = this.#target[this.#parent[at] ?? 0] ?? 0) {
      this.#distance[at] = distance--;
      this.#checkedAt[at] = this.#time;
    }
    return total;
  }
}
