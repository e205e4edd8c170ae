package simulator

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// journal is the memory of the providers: one JSON line for every change of a thing, the last line
// of a thing counts. It survives a killed process, as a real provider would. A journal without a
// file remembers nothing beyond the process.
type journal struct {
	mu    sync.Mutex
	path  string
	file  *os.File
	kept  map[string]map[string]json.RawMessage // kind → id → value
	order map[string][]string                   // kind → ids as they first came
}

// Kinds of things in the journal.
const (
	keptSession = "session"
	keptIntent  = "intent"
	keptRefund  = "refund"
	keptEvent   = "event"
	keptAnswer  = "answer" // an idempotent answer
	keptParcel  = "parcel" // a webhook that nobody acknowledged yet
)

type journalLine struct {
	Kind  string          `json:"kind"`
	ID    string          `json:"id"`
	Value json.RawMessage `json:"value"` // null: forgotten
}

func openJournal(path string) (*journal, error) {
	j := &journal{path: path, kept: map[string]map[string]json.RawMessage{}, order: map[string][]string{}}
	if path == "" {
		return j, nil
	}
	if err := j.read(); err != nil {
		return nil, err
	}
	return j, j.rewrite()
}

// read takes the lines of an earlier run. A last line cut off by a kill is left out.
func (j *journal) read() error {
	file, err := os.Open(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the stand-ins' journal: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var line journalLine
		if json.Unmarshal(lines.Bytes(), &line) == nil {
			j.remember(line)
		}
	}
	return wrap(lines.Err(), "read the stand-ins' journal")
}

// rewrite starts the file afresh with what still counts, and leaves it open for appending.
func (j *journal) rewrite() error {
	next := j.path + ".next"
	file, err := os.OpenFile(next, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the stand-ins' journal: %w", err)
	}
	out := json.NewEncoder(file)
	for kind, ids := range j.order {
		for _, id := range ids {
			if value, ok := j.kept[kind][id]; ok {
				err = errors.Join(err, out.Encode(journalLine{kind, id, value}))
			}
		}
	}
	if err = errors.Join(err, os.Rename(next, j.path)); err != nil {
		return fmt.Errorf("write the stand-ins' journal: %w", errors.Join(err, file.Close()))
	}
	j.file = file
	return nil
}

func (j *journal) remember(line journalLine) {
	if string(line.Value) == "null" {
		delete(j.kept[line.Kind], line.ID)
		return
	}
	if j.kept[line.Kind] == nil {
		j.kept[line.Kind] = map[string]json.RawMessage{}
	}
	if _, known := j.kept[line.Kind][line.ID]; !known {
		j.order[line.Kind] = append(j.order[line.Kind], line.ID)
	}
	j.kept[line.Kind][line.ID] = line.Value
}

// put keeps the present value of a thing.
func (j *journal) put(kind, id string, value any) error {
	if j.path == "" {
		return nil
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("keep %s: %w", kind, err)
	}
	return j.append(journalLine{kind, id, raw})
}

// drop forgets a thing.
func (j *journal) drop(kind, id string) error {
	if j.path == "" {
		return nil
	}
	return j.append(journalLine{kind, id, json.RawMessage("null")})
}

func (j *journal) append(line journalLine) error {
	raw, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("keep %s: %w", line.Kind, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.Write(append(raw, '\n')); err != nil {
		return fmt.Errorf("keep %s: %w", line.Kind, err)
	}
	return nil
}

// clear forgets everything.
func (j *journal) clear() error {
	if j.path == "" {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	// The file is open for writing at an offset: both are taken back.
	if _, err := j.file.Seek(0, 0); err != nil {
		return fmt.Errorf("clear the stand-ins' journal: %w", err)
	}
	return wrap(j.file.Truncate(0), "clear the stand-ins' journal")
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}

// each reads what an earlier run kept of a kind, in the order it came. It must not be used once
// things are put.
func each[T any](j *journal, kind string, take func(id string, value T)) error {
	for _, id := range j.order[kind] {
		raw, ok := j.kept[kind][id]
		if !ok {
			continue
		}
		var value T
		if err := json.Unmarshal(raw, &value); err != nil {
			return fmt.Errorf("restore %s from the stand-ins' journal: %w", kind, err)
		}
		take(id, value)
	}
	return nil
}
