// Training small networks, whole epochs at a call: what py/unfold/training.py does with numpy, compiled.
//
// Freestanding C for WebAssembly, no library and no memory of its own: the caller lays everything out and passes one
// Job. Samples are worked on LANES at a time, one in each lane of a vector. Numbers are float64 throughout.
// py/unfold/kernel.py lays out the Job and says what may be in it; tests hold both to the numpy version.

typedef int i32;
typedef unsigned int u32;
#define LANES 4
typedef double V __attribute__((vector_size(8 * LANES)));
typedef long long Bits __attribute__((vector_size(8 * LANES)));  // a vector's bits, and the outcome of comparisons

enum { MOST_WIDTH = 16, MOST_LAYERS = 7 };
enum Function { STEP, IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, SOFTPLUS, SILU, GELU, MISH, SINE, SOFTMAX };
enum Loss { MEAN_SQUARED_ERROR, BINARY_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY };
enum Optimizer { SGD, MOMENTUM, NESTEROV, RMSPROP, ADAM };

typedef struct {
  double rate, l1, l2;
  i32 samples, batch, replicas, epochs, layers, loss, optimizer, steps;  // steps: taken before this call
  i32 widths[MOST_LAYERS + 1];                                           // from the inputs to the outputs
  i32 functions[MOST_LAYERS];
  const double *inputs;    // (samples, widths[0])
  const double *targets;   // (samples, widths[layers])
  double *parameters;      // (replicas, P): for each layer its weights (inputs, outputs), then its biases
  double *memories;        // (replicas, memories, P): what the optimizer remembers
  double *losses;          // (replicas, epochs + 1): before training and after every epoch
  i32 *diverged;           // (replicas): -1, or the epoch of this call, from 1, that left the finite
  const i32 *order;        // (epochs, samples) with batches, else null
  V *scratch;              // room for kernel.py's SCRATCH
} Job;

static const double INFINITE = __builtin_inf();

// --- vectors ---

static inline V splat(double x) { return (V){x, x, x, x}; }
static inline V choose(Bits where, V yes, V no) { return (V)((where & (Bits)yes) | (~where & (Bits)no)); }
// One instruction for each half, where comparing and choosing would be several one after another.
#define HALVES(of, x, y) __builtin_shufflevector(of(LOW(y), LOW(x)), of(HIGH(y), HIGH(x)), 0, 1, 2, 3)
#define LOW(x) __builtin_shufflevector(x, x, 0, 1)
#define HIGH(x) __builtin_shufflevector(x, x, 2, 3)
static inline V smaller(V x, V y) { return HALVES(__builtin_wasm_pmin_f64x2, x, y); }
static inline V larger(V x, V y) { return HALVES(__builtin_wasm_pmax_f64x2, x, y); }
static inline V size(V x) { return (V)((Bits)x & 0x7fffffffffffffffLL); }
static inline V with_sign_of(V x, V sign) { return (V)(((Bits)size(x)) | ((Bits)sign & ~0x7fffffffffffffffLL)); }
static inline double sum(V x) { return (x[0] + x[1]) + (x[2] + x[3]); }

// --- elementary functions, to a few units of the last digit ---

// e^x = power * (c + r) / (c - r), with power a power of two, r at most half of ln 2, and c = r coth(r / 2).
typedef struct { V power, r, c; } Exponential;

static inline Exponential exponential(V x) {  // for x from -708 to 708
  const double MAGIC = 6755399441055744.0 + 1023.0;  // 1.5 * 2^52: adding it rounds, and leaves the bits of the exponent
  V shifted = x * 1.44269504088896340736 + MAGIC, k = shifted - MAGIC;
  V r = x - k * 6.93147180369123816490e-01 - k * 1.90821492927058770002e-10;  // ln 2 in two parts, k times the first exact
  // The Taylor series of r coth(r / 2), whose coefficients are 2 B_n / n! with Bernoulli's numbers; in pairs, since what
  // an epoch waits for is one multiplication after another.
  V s = r * r, s2 = s * s, s4 = s2 * s2;
  V c = (2.0 + s * (1.0 / 6)) + s2 * (-1.0 / 360 + s * (1.0 / 15120));
  c += s4 * ((-1.0 / 604800 + s * (1.0 / 23950080)) + s2 * (-691.0 / 653837184000.0));
  return (Exponential){(V)((Bits)shifted << 52), r, c};
}

static inline V within(V x) { return smaller(larger(x, splat(-708.0)), splat(708.0)); }

static inline V exp_of(V x) {
  Exponential e = exponential(within(x));
  return e.power * ((e.c + e.r) / (e.c - e.r));
}

static inline V sigmoid_of(V x) {
  Exponential e = exponential(within(-x));
  V one = e.c - e.r;
  return one / (one + e.power * (e.c + e.r));
}

// tanh(x) = (e^2x - 1) / (e^2x + 1), with both brought over c - r: exact near 0 as well.
static inline V tanh_of(V x) {
  Exponential e = exponential(-2.0 * smaller(size(x), splat(20.0)));
  V less = e.power - 1.0, more = e.power + 1.0;
  return with_sign_of((less * e.c + more * e.r) / (more * e.c + less * e.r), x);
}

// log(1 + x) for x from 0 to 1: twice the series of artanh.
static inline V log1p_of(V x) {
  V t = x / (2.0 + x), s = t * t, series = splat(1.0 / 33);
#pragma unroll
  for (i32 n = 31; n > 0; n -= 2) series = series * s + 1.0 / n;
  return 2.0 * t * series;
}

// log(x) for x from 1 to MOST_WIDTH.
static inline V log_of(V x) {
  V halvings = splat(0.0);
#pragma unroll
  for (i32 n = 0; n < 4; n++) {
    Bits above = x > 2.0;
    x = choose(above, 0.5 * x, x);
    halvings += choose(above, splat(1.0), splat(0.0));
  }
  return halvings * 0.69314718055994530942 + log1p_of(x - 1.0);
}

static inline V softplus_of(V x) { return larger(x, splat(0.0)) + log1p_of(exp_of(-size(x))); }

// erfc(x) for x >= 0: W. J. Cody, "Rational Chebyshev approximations for the error function" (1969).
static inline V erfc_of(V x) {
  x = smaller(x, splat(28.0));
  V near = smaller(x, splat(0.46875)), s = near * near;
  V erf = near * ((((1.85777706184603153e-1 * s + 3.16112374387056560) * s + 1.13864154151050156e2) * s + 3.77485237685302021e2) * s + 3.20937758913846947e3)
        / ((((s + 2.36012909523441209e1) * s + 2.44024637934444173e2) * s + 1.28261652607737228e3) * s + 2.84423683343917062e3);
  V m = larger(smaller(x, splat(4.0)), splat(0.46875));
  V middle = ((((((((2.15311535474403846e-8 * m + 5.64188496988670089e-1) * m + 8.88314979438837594) * m + 6.61191906371416295e1) * m + 2.98635138197400131e2) * m
             + 8.81952221241769090e2) * m + 1.71204761263407058e3) * m + 2.05107837782607147e3) * m + 1.23033935479799725e3)
           / ((((((((m + 1.57449261107098347e1) * m + 1.17693950891312499e2) * m + 5.37181101862009858e2) * m + 1.62138957456669019e3) * m
             + 3.29079923573345963e3) * m + 4.36261909014324716e3) * m + 3.43936767414372164e3) * m + 1.23033935480374942e3);
  V f = 1.0 / larger(x, splat(4.0)), g = f * f;
  V far = f * (0.56418958354775628695 - g * (((((1.63153871373020978e-2 * g + 3.05326634961232344e-1) * g + 3.60344899949804439e-1) * g + 1.25781726111229246e-1) * g
             + 1.60837851487422766e-2) * g + 6.58749161529837803e-4)
           / (((((g + 2.56852019228982242) * g + 1.87295284992346725) * g + 5.27905102951428412e-1) * g + 6.05183413124413191e-2) * g + 2.33520497626869185e-3));
  V coarse = (x * 16.0 + 4503599627370496.0 - 4503599627370496.0) * 0.0625;  // few bits, so that its square is exact
  V bell = exp_of(-coarse * coarse) * exp_of(-(x - coarse) * (x + coarse));
  return choose(x <= 0.46875, 1.0 - erf, bell * choose(x <= 4.0, middle, far));
}

// sin and cos together. Beyond a million or so the reduction to an eighth of a turn loses digits.
static inline void sin_cos(V x, V *sine, V *cosine) {
  V shifted = x * 0.63661977236758134308 + 6755399441055744.0, k = shifted - 6755399441055744.0;
  V r = x - k * 1.57079632673412561417e+00 - k * 6.07710050630396597660e-11 - k * 2.02226624879595063154e-21;
  V s = r * r;
  V sin_r = r * (1 - s * (1.0 / 6 - s * (1.0 / 120 - s * (1.0 / 5040 - s * (1.0 / 362880 - s * (1.0 / 39916800 - s * (1.0 / 6227020800.0 - s / 1307674368000.0)))))));
  V cos_r = 1 - s * (0.5 - s * (1.0 / 24 - s * (1.0 / 720 - s * (1.0 / 40320 - s * (1.0 / 3628800 - s * (1.0 / 479001600.0 - s * (1.0 / 87178291200.0 - s / 20922789888000.0)))))));
  Bits quarter = (Bits)shifted, odd = (quarter & 1) != 0;
  V one = choose((quarter & 2) != 0, splat(-1.0), splat(1.0));
  *sine = one * choose(odd, cos_r, sin_r);
  *cosine = one * choose(odd, -sin_r, cos_r);
}

// --- activations: z in a becomes the output, and its derivative stands in d ---

static inline void activate(i32 function, i32 width, V *a, V *d) {
#define EACH for (i32 j = 0; j < width; j++)
  const V zero = splat(0.0), one = splat(1.0);
  switch (function) {
    case STEP: EACH { a[j] = choose(a[j] >= 0.0, one, zero); d[j] = zero; } break;
    case SIGMOID: EACH { V y = sigmoid_of(a[j]); a[j] = y; d[j] = y * (1.0 - y); } break;
    case TANH: EACH { V y = tanh_of(a[j]); a[j] = y; d[j] = 1.0 - y * y; } break;
    case RELU: EACH { Bits on = a[j] > 0.0; a[j] = choose(on, a[j], zero); d[j] = choose(on, one, zero); } break;
    case LEAKY_RELU: EACH { Bits on = a[j] > 0.0; a[j] = choose(on, a[j], 0.01 * a[j]); d[j] = choose(on, one, splat(0.01)); } break;
    case SOFTPLUS: EACH { V z = a[j]; a[j] = softplus_of(z); d[j] = sigmoid_of(z); } break;
    case SILU: EACH { V z = a[j], gate = sigmoid_of(z); a[j] = z * gate; d[j] = gate + z * gate * (1.0 - gate); } break;
    case GELU: EACH {
      V z = a[j], tail = erfc_of(size(z) * 0.70710678118654752440), gate = 0.5 * choose(z > 0.0, 2.0 - tail, tail);
      V near = smaller(size(z), splat(40.0));
      a[j] = z * gate;
      d[j] = gate + z * exp_of(-0.5 * near * near) * 0.39894228040143267794;
    } break;
    case MISH: EACH {  // with e = e^z: tanh(log(1 + e)) = e (e + 2) / (e (e + 2) + 2)
      V z = a[j], e = exp_of(smaller(z, splat(30.0))), w = e * (e + 2.0), over = w + 2.0, gate = w / over;
      a[j] = z * gate;
      d[j] = gate + z * (4.0 * (w + 1.0) / (over * over)) * (e / (1.0 + e));
    } break;
    case SINE: EACH { V z = a[j]; sin_cos(z, &a[j], &d[j]); } break;
    case SOFTMAX: {  // its derivative is in its loss
      V most = a[0], total = zero;
      EACH most = larger(most, a[j]);
      EACH { a[j] = exp_of(a[j] - most); total += a[j]; }
      EACH { a[j] /= total; d[j] = one; }
    } break;
    default: EACH d[j] = one;
  }
#undef EACH
}

// --- one pass over some samples ---

// z: of the outputs alone, for the cross-entropies. laid: all samples in their own order, LANES at a time: inputs, then
// targets; mixed: room for one such group.
typedef struct { V *z, *a, *d, *slopes, *delta, *next, *laid, *mixed; } Room;

// Lays LANES samples side by side, from place `at` of the order (their own, if it is null); the last one is repeated.
static inline void lay(const Job *job, V *group, const i32 *order, i32 at, i32 last) {
  const i32 inputs = job->widths[0], outputs = job->widths[job->layers];
#pragma unroll
  for (i32 i = 0; i < LANES; i++) {
    const i32 place = at + i < last ? at + i : last - 1, row = order ? order[place] : place;
    for (i32 j = 0; j < inputs; j++) group[j][i] = job->inputs[row * inputs + j];
    for (i32 j = 0; j < outputs; j++) group[inputs + j][i] = job->targets[row * outputs + j];
  }
}

// The loss of LANES samples, summed over outputs; dLoss/dz stands in delta, where `share` is each sample's in the mean.
static inline V compare(const Job *job, const V *z, const V *a, const V *d, const V *y, V share, V *delta) {
  const i32 outputs = job->widths[job->layers];
  V loss = splat(0.0);
  switch (job->loss) {
    case MEAN_SQUARED_ERROR:
      for (i32 j = 0; j < outputs; j++) { V error = a[j] - y[j]; loss += error * error; delta[j] = (2.0 * share) * error * d[j]; }
      break;
    case BINARY_CROSS_ENTROPY:
      for (i32 j = 0; j < outputs; j++) { loss += softplus_of(z[j]) - y[j] * z[j]; delta[j] = share * (a[j] - y[j]); }
      break;
    default: {
      V most = z[0], total = splat(0.0);
      for (i32 j = 0; j < outputs; j++) most = larger(most, z[j]);
      for (i32 j = 0; j < outputs; j++) total += exp_of(z[j] - most);
      V log_total = log_of(total);
      for (i32 j = 0; j < outputs; j++) { loss += y[j] * (log_total - (z[j] - most)); delta[j] = share * (a[j] - y[j]); }
    }
  }
  return loss;
}

// Passes the samples from `first` to `last` through one network; returns the sum of their losses. Where `learning`,
// the slopes are added to room->slopes, a vector a parameter: each lane has its samples' share.
static double pass(const Job *job, const double *parameters, Room *room, const i32 *order, i32 first, i32 last, int learning) {
  const i32 layers = job->layers, *widths = job->widths, inputs = widths[0], outputs = widths[layers];
  const double scale = 1.0 / ((double)(last - first) * (job->loss == SOFTMAX_CROSS_ENTROPY ? 1 : outputs));
  V total = splat(0.0);
  for (i32 at = first; at < last; at += LANES) {
    const V *group = order ? room->mixed : room->laid + at / LANES * (inputs + outputs);
    if (order) lay(job, room->mixed, order, at, last);
    V counts;  // lanes beyond the last sample repeat it and do not count
#pragma unroll
    for (i32 i = 0; i < LANES; i++) counts[i] = at + i < last ? 1.0 : 0.0;
    V *a = room->a, *d = room->d;
    for (i32 j = 0; j < inputs; j++) a[j] = group[j];
    const double *W = parameters;
    for (i32 l = 0; l < layers; l++) {
      const i32 in = widths[l], out = widths[l + 1];
      const double *b = W + in * out;
      V *z = a + in;
      for (i32 j = 0; j < out; j++) {
        V dot = splat(b[j]);
        for (i32 i = 0; i < in; i++) dot += W[i * out + j] * a[i];
        z[j] = dot;
      }
      if (l == layers - 1 && job->loss != MEAN_SQUARED_ERROR) for (i32 j = 0; j < out; j++) room->z[j] = z[j];
      d += in;
      activate(job->functions[l], out, z, d);
      a = z;
      W = b + out;
    }
    total += counts * compare(job, room->z, a, d, group + inputs, counts * scale, room->delta);
    if (!learning) continue;
    V *delta = room->delta, *next = room->next, *slopes = room->slopes + (W - parameters);
    for (i32 l = layers - 1; l >= 0; l--) {
      const i32 in = widths[l], out = widths[l + 1];
      a -= in;
      d -= in;
      W -= (in + 1) * out;
      slopes -= (in + 1) * out;
      for (i32 i = 0; i < in; i++) {
        const V from = a[i];
        V *row = slopes + i * out;
        for (i32 j = 0; j < out; j++) row[j] += from * delta[j];
      }
      for (i32 j = 0; j < out; j++) slopes[in * out + j] += delta[j];
      if (l == 0) break;
      for (i32 i = 0; i < in; i++) {
        V dot = splat(0.0);
        for (i32 j = 0; j < out; j++) dot += W[i * out + j] * delta[j];
        next[i] = dot * d[i];
      }
      V *swap = delta; delta = next; next = swap;
    }
  }
  return sum(total);
}

// --- one step ---

static inline double power(double base, i32 exponent) {
  double result = 1.0;
  for (; exponent; exponent >>= 1, base *= base) if (exponent & 1) result *= base;
  return result;
}

// Moves every parameter by the rule of py/unfold/optimizers.py, and empties the slopes.
static inline void step(const Job *job, double *restrict p, double *restrict memory, V *restrict slopes,
                        double *restrict slope, i32 count, i32 steps) {
#define EACH for (i32 k = 0; k < count; k++)
  const double rate = job->rate, l1 = job->l1, l2 = job->l2;
  EACH {
    slope[k] = sum(slopes[k]);
    slopes[k] = splat(0.0);
  }
  if (l1 != 0.0 || l2 != 0.0)
    for (i32 k = 0, l = 0; l < job->layers; k += job->widths[++l])  // biases are let be
      for (i32 n = job->widths[l] * job->widths[l + 1]; n--; k++) slope[k] += l1 * ((p[k] > 0.0) - (p[k] < 0.0)) + l2 * p[k];
  switch (job->optimizer) {
    case SGD: EACH p[k] -= rate * slope[k]; break;
    case MOMENTUM: EACH { memory[k] = 0.9 * memory[k] + slope[k]; p[k] -= rate * memory[k]; } break;
    case NESTEROV: EACH { memory[k] = 0.9 * memory[k] + slope[k]; p[k] -= rate * (slope[k] + 0.9 * memory[k]); } break;
    case RMSPROP: EACH {
      memory[k] = 0.9 * memory[k] + (1.0 - 0.9) * slope[k] * slope[k];
      p[k] -= rate * (slope[k] / (__builtin_sqrt(memory[k]) + 1e-8));
    } break;
    default: {  // ADAM
      double *restrict square = memory + count;
      const double warm1 = 1.0 - power(0.9, steps), warm2 = 1.0 - power(0.999, steps);
      EACH {
        memory[k] = 0.9 * memory[k] + (1.0 - 0.9) * slope[k];
        square[k] = 0.999 * square[k] + (1.0 - 0.999) * slope[k] * slope[k];
        p[k] -= rate * (memory[k] / warm1 / (__builtin_sqrt(square[k] / warm2) + 1e-8));
      }
    }
  }
#undef EACH
}

static inline int finite(const double *numbers, i32 count) {
  const long long exponent = 0x7ff0000000000000LL;  // all its bits are set in what is infinite or no number
  long long found = 0;
  for (i32 k = 0; k < count; k++) found |= (((const long long *)numbers)[k] & exponent) == exponent;
  return !found;
}

// --- training ---

// Trains every replica for job->epochs epochs. A replica whose loss or parameters leave the finite stops before that
// epoch, with the parameters and memories it had then.
__attribute__((export_name("train"))) void train(const Job *job) {
  const i32 samples = job->samples, layers = job->layers, full = job->batch >= samples;
  i32 count = 0, neurons = 0;
  for (i32 l = 0; l < layers; l++) count += (job->widths[l] + 1) * job->widths[l + 1];
  for (i32 l = 0; l <= layers; l++) neurons += job->widths[l];
  const i32 kept = count * (job->optimizer == SGD ? 0 : job->optimizer == ADAM ? 2 : 1);
  const double answers = (double)samples * (job->loss == SOFTMAX_CROSS_ENTROPY ? 1 : job->widths[layers]);
  V *s = job->scratch;
  const i32 group = job->widths[0] + job->widths[layers];
  Room room = {s, s + MOST_WIDTH, s + MOST_WIDTH + neurons, s + MOST_WIDTH + 2 * neurons, 0, 0, 0, 0};
  room.delta = room.slopes + count;
  room.next = room.delta + MOST_WIDTH;
  room.mixed = room.next + MOST_WIDTH;
  room.laid = room.mixed + group;
  for (i32 at = 0; at < samples; at += LANES) lay(job, room.laid + at / LANES * group, 0, at, samples);
  double *slope = (double *)(room.laid + (samples + LANES - 1) / LANES * group), *before = slope + count;
  for (i32 k = 0; k < count; k++) room.slopes[k] = splat(0.0);

  for (i32 replica = 0; replica < job->replicas; replica++) {
    double *p = job->parameters + replica * count, *memory = job->memories + replica * kept;
    double *losses = job->losses + replica * (job->epochs + 1);
    i32 steps = job->steps, epoch = 0;
    for (;; epoch++) {
      const int last = epoch == job->epochs;
      // With one batch the loss after an epoch is what the next epoch's pass finds on its way.
      losses[epoch] = pass(job, p, &room, 0, 0, samples, full && !last) / answers;
      if (!finite(&losses[epoch], 1) || !finite(p, count)) break;
      if (last) break;
      for (i32 k = 0; k < count; k++) before[k] = p[k];
      for (i32 k = 0; k < kept; k++) before[count + k] = memory[k];
      if (full) {
        step(job, p, memory, room.slopes, slope, count, ++steps);
        continue;
      }
      const i32 *order = job->order + epoch * samples;
      for (i32 first = 0; first < samples; first += job->batch) {
        i32 end = first + job->batch < samples ? first + job->batch : samples;
        pass(job, p, &room, order, first, end, 1);
        step(job, p, memory, room.slopes, slope, count, ++steps);
      }
    }
    const int fine = finite(&losses[epoch], 1) && finite(p, count);
    job->diverged[replica] = fine ? -1 : epoch;
    if (fine) continue;
    if (epoch > 0) {
      for (i32 k = 0; k < count; k++) p[k] = before[k];
      for (i32 k = 0; k < kept; k++) memory[k] = before[count + k];
    }
    for (; epoch <= job->epochs; epoch++) losses[epoch] = INFINITE;
    for (i32 k = 0; k < count; k++) room.slopes[k] = splat(0.0);
  }
}
