package understand_test

import (
	"testing"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/chat/understand/phrases"
	"frontdesk/models"
)

// BenchmarkRead reads the messages of a split one by one, as a turn does.
func BenchmarkRead(b *testing.B) {
	v := phrases.Salon()
	for _, lang := range models.Languages() {
		all, err := phrases.Load(".", phrases.Dev, lang)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(lang), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				understand.Read(all[i%len(all)].Input(lang, v))
			}
		})
	}
}
