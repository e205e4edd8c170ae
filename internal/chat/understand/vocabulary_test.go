package understand

import (
	"reflect"
	"sync"
	"testing"

	"frontdesk/models"
)

// A vocabulary that was learned once reads as one that is learned for every message, by many at a time.
func TestALearnedVocabularyReadsTheSame(t *testing.T) {
	t.Parallel()
	learned := salon().Learned()
	var wg sync.WaitGroup
	for _, text := range []string{
		"Hello, I'd like a haircut on Friday afternoon with Dana", "a hidrating mask and highligts please", "anyone but Omar, tomorrow at five",
		"Quiero un corte y mechas el viernes por la tarde", "أريد قص شعر يوم الجمعة مع دانا", "where can I park?", "the hair cut, not the facial", "hi",
	} {
		for _, lang := range models.Languages() {
			want := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
			for range 4 {
				wg.Go(func() {
					if got := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: learned}); !reflect.DeepEqual(got, want) {
						t.Errorf("%q in %s: got %+v, want %+v", text, lang, got, want)
					}
				})
			}
		}
	}
	wg.Wait()
}
