package handlers

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/chat"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

func reader(t *testing.T, lang models.Language) (context.Context, *i18n.Catalogue) {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return i18n.With(t.Context(), i18n.Reader{Catalogue: texts, Language: lang}), texts
}

// bare takes the marks of direction out.
func bare(s string) string { return strings.NewReplacer("\u2068", "", "\u2069", "").Replace(s) }

func TestTurnFact(t *testing.T) {
	t.Parallel()
	english, _ := reader(t, models.English)
	madrid := time.FixedZone("Madrid", 2*3600)
	for _, c := range []struct{ name, raw, want string }{
		{"At", `990`, "16:30"}, {"Choice", `2`, "2"}, {"Stylists", `["salma","dana"]`, "salma, dana"}, {"stage", `"slot"`, "which time"},
		{"Day", `{"Year":2026,"Month":10,"Date":9}`, "2026-10-09"}, {"Name", `{"Given":"Noor","Family":""}`, "Noor"},
		{"Days", `{"From":{"Year":2026,"Month":10,"Date":9},"To":{"Year":2026,"Month":10,"Date":11}}`, "From: 2026-10-09, To: 2026-10-11"},
		{"request", `{"after":600,"no_pack":true,"part":"evening"}`, "After: 10:00, Pack not wanted: yes, Part of the day: evening"},
		{"held", `{"start":"2026-10-09T16:00:00+02:00"}`, "Begins: 2026-10-09 16:00"}, {"held", `{"start":"2026-10-09T14:00:00Z"}`, "Begins: 2026-10-09 16:00"},
		{"news", `{}`, ""}, {"was", ``, ""}, {"long", `"` + strings.Repeat("a", 300) + `"`, strings.Repeat("a", 160) + "…"},
	} {
		if got := bare(turnFact(english, madrid, c.name, []byte(c.raw))); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.name, c.raw, got, c.want)
		}
	}
	spanish, _ := reader(t, models.Spanish)
	if got := turnFact(spanish, madrid, "change", []byte(`{"goal":"cancel","back":2000}`)); got != "Vuelve: \u20682000\u2069, Objetivo: \u2068cancelar\u2069" {
		t.Errorf("in Spanish: %q", got)
	}
}

// The page speaks every language: whatever the rules may write into a turn has its words.
func TestTurnsHaveWords(t *testing.T) {
	t.Parallel()
	keys := map[string]bool{}
	fieldsOf(reflect.TypeFor[understand.Meaning](), keys)
	fieldsOf(reflect.TypeFor[chat.State](), keys)
	for _, never := range []string{ // shown in another way, or not traced
		"language", "language_sure", "intents", "main", "confidence", "empty", "v", "memory", "concern", "wish", "shop", "unfound", "words", "silenced",
		"given", "family", "year", "month", "date",
	} {
		delete(keys, turnFields+"."+never)
	}
	stages, actions := 0, 0
	for _, f := range sources(t, filepath.Join("..", "internal", "chat")) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if kind, ok := n.Type.(*ast.Ident); ok && kind.Name == "Stage" && len(n.Values) == 1 {
					if value, ok := n.Values[0].(*ast.BasicLit); ok {
						code, _ := strconv.Unquote(value.Value)
						if code == "" {
							code = "open"
						}
						keys[turnStages+"."+code], stages = true, stages+1
					}
				}
			case *ast.FuncDecl:
				if n.Name.Name == "action" && n.Recv != nil {
					keys[turnActions+"."+spelled(n.Recv.List[0].Type.(*ast.Ident).Name)], actions = true, actions+1
				}
			}
			return true
		})
	}
	if stages < 20 || actions < 20 {
		t.Fatalf("found %d stages and %d actions", stages, actions)
	}
	for _, lang := range models.Languages() {
		_, texts := reader(t, lang)
		for key := range keys {
			if !texts.Has(lang, key) {
				t.Errorf("%s: no words for %s", lang, key)
			}
		}
	}
}

// fieldsOf collects the names under which a type's fields are traced, at any depth.
func fieldsOf(kind reflect.Type, keys map[string]bool) {
	switch kind.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		fieldsOf(kind.Elem(), keys)
	case reflect.Struct:
		if kind == reflect.TypeFor[time.Time]() || kind == reflect.TypeFor[models.ID]() || kind == reflect.TypeFor[chat.Date]() || kind == reflect.TypeFor[json.RawMessage]() {
			return
		}
		for f := range kind.NumField() {
			field := kind.Field(f)
			if !field.IsExported() {
				continue
			}
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "" {
				name = field.Name
			}
			keys[turnFields+"."+spelled(name)] = true
			switch name {
			case "memory", "concern", "wish", "shop": // not traced
			default:
				fieldsOf(field.Type, keys)
			}
		}
	}
}

// sources are the files of a package, its tests excepted.
func sources(t *testing.T, dir string) (files []*ast.File) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}
