package queue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/riverqueue/river"

	"frontdesk/models"
)

// LettersBack brings many dead letters back, a part at a time.
type LettersBack struct {
	RunID models.ID `json:"run_id"`
}

// Kind is how the console and the dead letters name it.
func (LettersBack) Kind() string { return "letters.back" }

// InsertOpts is its retry policy.
func (LettersBack) InsertOpts() river.InsertOpts { return opts(attemptsOwn) }

// every is one of each kind of job.
func every() []river.JobArgs {
	return []river.JobArgs{
		InboxEvent{}, ChatTurn{}, Tell{}, Flush{}, StylistNotice{}, CaseNotice{}, NoticeSend{}, PaymentSession{}, PaymentVoid{}, PaymentEvent{},
		RefundSend{}, PhoneCode{}, Sweep{}, CalendarPush{}, CalendarRead{}, CatalogueSync{}, ChatwootStatus{}, Replay{}, ReturnPhoto{}, LettersBack{}, Reconcile{}, ReconcileWatch{},
	}
}

// Kinds are the kinds of jobs there are, by name.
func Kinds() []string {
	var out []string
	for _, args := range every() {
		out = append(out, args.Kind())
	}
	slices.Sort(out)
	return out
}

// maxWord is how long a word among a job's arguments may be.
const maxWord = 60

// Reasons why arguments are not those of a kind.
var (
	ErrKind = errors.New("there is no such kind of job")
	ErrArgs = errors.New("these are not the arguments of this kind of job")
)

// Check reads arguments as those of a kind, strictly: every id that must be there is, nothing is there that is not read,
// words are words. It gives them as they are written. Errors: ErrKind, ErrArgs, each with what is wrong.
func Check(kind string, raw []byte) (json.RawMessage, error) {
	for _, args := range every() {
		if args.Kind() != kind {
			continue
		}
		into := reflect.New(reflect.TypeOf(args))
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(into.Interface()); err != nil {
			return nil, fmt.Errorf("%w: they cannot be read", ErrArgs)
		}
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%w: more follows", ErrArgs)
		}
		if field := wanting(into.Elem()); field != "" {
			return nil, fmt.Errorf("%w: %s", ErrArgs, field)
		}
		return json.Marshal(into.Elem().Interface())
	}
	return nil, ErrKind
}

// wanting names the first argument that is missing or no word.
func wanting(args reflect.Value) string {
	for i := range args.NumField() {
		tag := args.Type().Field(i).Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		value := args.Field(i)
		if value.IsZero() && !strings.Contains(options, "omitzero") {
			return name
		}
		if value.Kind() == reflect.String && !isWord(value.String()) {
			return name
		}
	}
	return ""
}

// isWord tells whether a text names something, as "visit.confirmed" does.
func isWord(s string) bool {
	return utf8.RuneCountInString(s) <= maxWord && !strings.ContainsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-:", r)
	})
}
