// Command leakedpasswords writes the list of leaked passwords that the program refuses, from the file
// src/passwords.json of the npm package @zxcvbn-ts/language-common (see package.json):
//
//	go run ./scripts/leakedpasswords <passwords.json> internal/staff/leaked.txt.gz
//
// Passwords that are too short to be taken anyway are left out; the rest is lower case and sorted.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

const shortest = 8

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: leakedpasswords <passwords.json> <out.txt.gz>")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "leakedpasswords:", err)
		os.Exit(1)
	}
}

func write(from, to string) error {
	raw, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("read list: %w", err)
	}
	var all []string
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("read list: %w", err)
	}
	var kept []string
	for _, p := range all {
		if utf8.RuneCountInString(p) >= shortest && !strings.ContainsAny(p, "\r\n") {
			kept = append(kept, strings.ToLower(p))
		}
	}
	slices.Sort(kept)
	kept = slices.Compact(kept)
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("pack list: %w", err)
	}
	if _, err := z.Write([]byte(strings.Join(kept, "\n"))); err != nil {
		return fmt.Errorf("pack list: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("pack list: %w", err)
	}
	fmt.Println(len(kept), "passwords,", out.Len(), "bytes")
	return os.WriteFile(to, out.Bytes(), 0o644)
}
