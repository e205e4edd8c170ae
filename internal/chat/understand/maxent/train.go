package maxent

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Example is what was seen and the class it is of.
type Example struct {
	Features []Feature
	Class    string
}

// Settings say how to train.
type Settings struct {
	Rounds int     // how often every example is looked at
	Rate   float64 // how far a weight moves at first
	Decay  float64 // how strongly weights are drawn to zero
	Twice  bool    // leave out features that only one example has
	// Least is the size, of the largest weight's, under which a weight is left out of the model.
	Least float64
}

// Train fits a model to the examples by stochastic gradients with a rate of its own for every weight
// (AdaGrad); the weights are the mean over the last half of the rounds. The same examples in the same
// order give the same model, byte for byte.
func Train(examples []Example, s Settings) *Model {
	t := newTrainer(examples, s)
	order := rand.New(rand.NewPCG(1, 2))
	turns := make([]int, len(examples))
	for i := range turns {
		turns[i] = i
	}
	for round := range s.Rounds {
		order.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
		for _, i := range turns {
			t.learn(i)
		}
		if 2*round >= s.Rounds {
			t.note()
		}
	}
	return t.model()
}

type trainer struct {
	Settings
	classes []string
	keys    []uint32
	rows    [][]int32 // per example, the index of each feature's key
	values  [][]float32
	class   []int
	seen    []float32 // per key, in how many examples it is

	w, g, sum []float32 // key by key, all classes: weight, squared gradients, sum for the mean
	noted     int
	scores    []float32
}

func newTrainer(examples []Example, s Settings) *trainer {
	t := &trainer{Settings: s}
	index := map[uint32]int32{}
	t.add(index, 0) // the bias is a feature that is always there
	for _, e := range examples {
		if !slices.Contains(t.classes, e.Class) {
			t.classes = append(t.classes, e.Class)
		}
	}
	slices.Sort(t.classes)
	for _, e := range examples {
		row, values := []int32{0}, []float32{1}
		for _, f := range e.Features {
			row, values = append(row, t.add(index, f.Key)), append(values, f.Value)
		}
		t.rows, t.values = append(t.rows, row), append(t.values, values)
		t.class = append(t.class, slices.Index(t.classes, e.Class))
	}
	t.seen = make([]float32, len(t.keys))
	for _, row := range t.rows {
		for _, k := range row {
			t.seen[k]++
		}
	}
	n := len(t.keys) * len(t.classes)
	t.w, t.g, t.sum = make([]float32, n), make([]float32, n), make([]float32, n)
	t.scores = make([]float32, len(t.classes))
	return t
}

func (t *trainer) add(index map[uint32]int32, key uint32) int32 {
	i, ok := index[key]
	if !ok {
		i = int32(len(t.keys))
		index[key] = i
		t.keys = append(t.keys, key)
	}
	return i
}

// learn moves the weights of one example's features towards its class.
func (t *trainer) learn(example int) {
	n := len(t.classes)
	clear(t.scores)
	for j, k := range t.rows[example] {
		v := t.values[example][j]
		for c, w := range t.w[int(k)*n : int(k)*n+n] {
			t.scores[c] += v * w
		}
	}
	softmax(t.scores)
	t.scores[t.class[example]]--
	rate := float32(t.Rate)
	for j, k := range t.rows[example] {
		v := t.values[example][j]
		decay := float32(t.Decay) / t.seen[k] // so that each weight is drawn once a round, however frequent
		w, g := t.w[int(k)*n:int(k)*n+n], t.g[int(k)*n:int(k)*n+n]
		for c, off := range t.scores {
			d := off*v + decay*w[c]
			g[c] += d * d
			w[c] -= rate * d / float32(math.Sqrt(float64(g[c]+1e-6)))
		}
	}
}

func (t *trainer) note() {
	t.noted++
	for i, w := range t.w {
		t.sum[i] += w
	}
}

// model rounds the weights to steps and leaves out the small ones.
func (t *trainer) model() *Model {
	n := len(t.classes)
	m := &Model{classes: t.classes, bias: make([]float32, n), rows: []uint32{0}}
	top := float32(0)
	for i := range t.sum {
		t.sum[i] /= float32(max(t.noted, 1))
		if i >= n {
			top = max(top, t.sum[i], -t.sum[i])
		}
	}
	copy(m.bias, t.sum[:n])
	m.scale = top / math.MaxInt8
	order := make([]int, 0, len(t.keys))
	for k := 1; k < len(t.keys); k++ {
		order = append(order, k)
	}
	slices.SortFunc(order, func(a, b int) int { return int(int64(t.keys[a]) - int64(t.keys[b])) })
	least := top * float32(t.Least)
	for _, k := range order {
		cells := len(m.class)
		for c, w := range t.sum[k*n : k*n+n] {
			step := int8(math.Round(float64(w / m.scale)))
			if step != 0 && max(w, -w) >= least {
				m.class, m.weight = append(m.class, uint8(c)), append(m.weight, step)
			}
		}
		if len(m.class) > cells {
			m.keys, m.rows = append(m.keys, t.keys[k]), append(m.rows, uint32(len(m.class)))
		}
	}
	m.index()
	return m
}
