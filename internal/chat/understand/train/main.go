// Command train makes the models by which package understand tells what a message is about, from the
// labelled phrases of the splits train, more, wide and dev. Run it in the directory of package understand
// (make generate does). The same phrases and rules make the same files.
//
//	train         writes intents.model, topics.model and trained.sum
//	train -judge  trains on the split train alone and tells how well the model reads dev; writes nothing
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"sync"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/chat/understand/maxent"
	"frontdesk/internal/chat/understand/phrases"
	"frontdesk/models"
)

// settings were chosen by what a model trained on train makes of dev.
var settings = maxent.Settings{Rounds: 40, Rate: 0.04, Decay: 0.002, Least: 0.022}

func main() {
	judge := flag.Bool("judge", false, "train on train alone and judge by dev")
	share := flag.Float64("share", 1, "with -judge: how much of train to use, for a learning curve")
	flag.Parse()
	v := phrases.Salon()
	if *judge {
		examples := learn(v, byIntent, phrases.Train)
		report(v, maxent.Train(every(examples, *share), settings))
		return
	}
	splits := phrases.Trained()
	write("intents.model", maxent.Train(learn(v, byIntent, splits...), settings).Pack())
	write("topics.model", maxent.Train(learn(v, byTopic, splits...), settings).Pack())
	sum, err := phrases.Sum(".")
	if err != nil {
		log.Fatal(err)
	}
	write("trained.sum", []byte(sum))
}

func write(file string, raw []byte) {
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		log.Fatal(err)
	}
}

// byIntent and byTopic name the class of a phrase; empty leaves it out.
func byIntent(p phrases.Phrase) string { return p.Intent }
func byTopic(p phrases.Phrase) string  { return string(p.Topic) }

// learn makes examples of the phrases of some splits, all languages together: concepts and what was
// asked mean the same in each.
func learn(v understand.Vocabulary, class func(phrases.Phrase) string, splits ...string) []maxent.Example {
	var out []maxent.Example
	for _, split := range splits {
		for _, lang := range models.Languages() {
			all := slices.DeleteFunc(load(split, lang), func(p phrases.Phrase) bool { return class(p) == "" })
			from := len(out)
			out = append(out, make([]maxent.Example, len(all))...)
			each(len(all), func(i int) {
				out[from+i] = maxent.Example{Features: understand.Evidence(all[i].Input(lang, v), nil), Class: class(all[i])}
			})
		}
	}
	return out
}

func load(split string, lang models.Language) []phrases.Phrase {
	all, err := phrases.Load(".", split, lang)
	if err != nil {
		log.Fatal(err)
	}
	return all
}

// every keeps a share of the examples, spread evenly.
func every(all []maxent.Example, share float64) []maxent.Example {
	var out []maxent.Example
	for i, e := range all {
		if int(float64(i+1)*share) > int(float64(i)*share) {
			out = append(out, e)
		}
	}
	return out
}

// each does something for every number below n, on all processors.
func each(n int, do func(int)) {
	var wg sync.WaitGroup
	for part := range runtime.NumCPU() {
		wg.Go(func() {
			for i := part; i < n; i += runtime.NumCPU() {
				do(i)
			}
		})
	}
	wg.Wait()
}

// report tells how often the model alone finds the main intent of the dev phrases.
func report(v understand.Vocabulary, m *maxent.Model) {
	fmt.Printf("%d bytes\n", len(m.Pack()))
	for _, lang := range models.Languages() {
		all, right := load(phrases.Dev, lang), 0
		for _, p := range all {
			chances := m.Chances(understand.Evidence(p.Input(lang, v), nil), nil)
			got := m.Classes()[slices.Index(chances, slices.Max(chances))]
			if got == p.Intent || slices.Contains(p.Also, got) {
				right++
			}
		}
		fmt.Printf("%s: %.1f %% of %d\n", lang, 100*float64(right)/float64(len(all)), len(all))
	}
}
