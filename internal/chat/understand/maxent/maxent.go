// Package maxent is multinomial logistic regression over sparse features, also called maximum entropy:
// a table of weights, one per feature and class, whose sums say how likely each class is. It knows
// nothing of what the features and classes mean, and never reads a file or a clock.
package maxent

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Feature is something seen, by its hash, and how much it counts.
type Feature struct {
	Key   uint32
	Value float32
}

// Model is a trained table of weights. No use of it changes it.
type Model struct {
	classes []string
	scale   float32 // a weight of the table is one of its steps times this
	bias    []float32
	keys    []uint32 // ascending
	buckets []uint32 // where the keys with these upper bits begin
	rows    []uint32 // where the cells of a key begin; one more than keys
	class   []uint8
	weight  []int8
}

// bucketBits is how many upper bits of a key say where to look for it.
const bucketBits = 14

// magic opens the file of a model.
const magic = "mx1\n"

var errNoModel = errors.New("not a model of this program")

// Classes are the names of the classes, in the order Chances has them.
func (m *Model) Classes() []string { return m.classes }

// Chances says for every class how likely it is, given the features; the sum is 1. The slice into is
// used when it is long enough.
func (m *Model) Chances(features []Feature, into []float32) []float32 {
	out := append(into[:0], m.bias...)
	for _, f := range features {
		i, ok := m.find(f.Key)
		if !ok {
			continue
		}
		v := f.Value * m.scale
		for c := m.rows[i]; c < m.rows[i+1]; c++ {
			out[m.class[c]] += v * float32(m.weight[c])
		}
	}
	softmax(out)
	return out
}

func (m *Model) find(key uint32) (int, bool) {
	b := key >> (32 - bucketBits)
	from, to := m.buckets[b], m.buckets[b+1]
	i, ok := slices.BinarySearch(m.keys[from:to], key)
	return int(from) + i, ok
}

func softmax(scores []float32) {
	top, sum := slices.Max(scores), float32(0)
	for i, s := range scores {
		scores[i] = float32(math.Exp(float64(s - top)))
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
}

// Pack is the model as the bytes of a file.
func (m *Model) Pack() []byte {
	out := []byte(magic)
	names := strings.Join(m.classes, " ")
	out = binary.AppendUvarint(out, uint64(len(names)))
	out = append(out, names...)
	out = binary.LittleEndian.AppendUint32(out, math.Float32bits(m.scale))
	for _, b := range m.bias {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(b))
	}
	out = binary.AppendUvarint(out, uint64(len(m.keys)))
	last := uint32(0)
	for i, key := range m.keys {
		out = binary.AppendUvarint(out, uint64(key-last))
		out = append(out, uint8(m.rows[i+1]-m.rows[i]))
		last = key
	}
	out = append(out, m.class...)
	for _, w := range m.weight {
		out = append(out, byte(w))
	}
	return out
}

// Unpack reads what Pack wrote. Anything else is a fault.
func Unpack(raw []byte) (*Model, error) {
	in, ok := strings.CutPrefix(string(raw), magic)
	if !ok {
		return nil, errNoModel
	}
	r := unpacker{rest: []byte(in)}
	m := &Model{classes: strings.Fields(string(r.take(r.count())))}
	m.scale = r.float()
	for range m.classes {
		m.bias = append(m.bias, r.float())
	}
	n := r.count()
	m.keys, m.rows = make([]uint32, 0, n), make([]uint32, 1, n+1)
	last, cells := uint32(0), uint32(0)
	for range n {
		last += uint32(r.uvarint())
		cells += uint32(r.take(1)[0])
		m.keys, m.rows = append(m.keys, last), append(m.rows, cells)
	}
	m.class = r.take(int(cells))
	m.weight = make([]int8, cells)
	for i, b := range r.take(int(cells)) {
		m.weight[i] = int8(b)
	}
	if r.short || len(r.rest) > 0 || slices.ContainsFunc(m.class, func(c uint8) bool { return int(c) >= len(m.classes) }) {
		return nil, fmt.Errorf("%w: its size is wrong", errNoModel)
	}
	m.index()
	return m, nil
}

// index finds where the keys of each bucket begin.
func (m *Model) index() {
	m.buckets = make([]uint32, 1<<bucketBits+1)
	i := 0
	for b := range m.buckets {
		for i < len(m.keys) && int(m.keys[i]>>(32-bucketBits)) < b {
			i++
		}
		m.buckets[b] = uint32(i)
	}
}

// unpacker takes values from the front of a file; past its end it is short and all values are zero.
type unpacker struct {
	rest  []byte
	short bool
}

func (u *unpacker) take(n int) []byte {
	if n > len(u.rest) || n < 0 {
		u.short, u.rest = true, nil
		return make([]byte, min(max(n, 1), 1))
	}
	out := u.rest[:n:n]
	u.rest = u.rest[n:]
	return out
}

func (u *unpacker) uvarint() uint64 {
	v, n := binary.Uvarint(u.rest)
	if n <= 0 {
		u.short, u.rest = true, nil
		return 0
	}
	u.rest = u.rest[n:]
	return v
}

// count is a number of things that follow, each at least a byte.
func (u *unpacker) count() int {
	n := u.uvarint()
	if n > uint64(len(u.rest)) {
		u.short, u.rest = true, nil
		return 0
	}
	return int(n)
}

func (u *unpacker) float() float32 {
	b := u.take(4)
	if len(b) < 4 {
		return 0
	}
	return math.Float32frombits(binary.LittleEndian.Uint32(b))
}
