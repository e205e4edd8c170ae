package conversations

import "time"

// Turns is how the messages of a conversation were read and what came of them (R-1215).
type Turns struct {
	Name     string
	BackURL  string
	OlderURL string
	List     []Turn
}

// Turn is one of them, in the reader's language. Keys of texts and codes of the salon are shown as they are: by
// them somebody finds the text or the service.
type Turn struct {
	At         time.Time
	Words      []string // what the customer wrote
	ByModel    bool
	Confidence int
	Intents    []string // in the reader's language
	Meaning    []Fact
	Changed    []Change
	Before     string
	After      string
	Actions    []Fact
	Model      string // what asking the model came to, in the reader's language; empty: it was not asked
	ModelMS    int64
	Tokens     int64
	Cost       string
	WaitedMS   int64
	ReadMS     int64
	AnsweredMS int64
}

// Fact is a name and its value.
type Fact struct{ Name, Value string }

// Change is a field of the state before and after.
type Change struct{ Name, From, To string }
