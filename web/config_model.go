package main

import (
	"errors"
	"strings"
	"time"

	"frontdesk/internal/claude"
)

// Reader is the language model that may read what the rules are not sure of. Without a key nobody is
// asked.
type Reader struct {
	// ClaudeKey authorises asking.
	ClaudeKey string `env:"CLAUDE_API_KEY"`
	// ClaudeBaseURL is Claude's API; the stand-in's in demo and test.
	ClaudeBaseURL string `env:"CLAUDE_BASE_URL"`
	// ClaudeModel is the model that is asked.
	ClaudeModel string `env:"CLAUDE_MODEL" envDefault:"claude-haiku-4-5"`
	// ClaudeTimeout bounds one question; the customer waits meanwhile.
	ClaudeTimeout time.Duration `env:"CLAUDE_TIMEOUT" envDefault:"5s"`
	// ClaudeInputPrice and ClaudeOutputPrice are what a million tokens cost, in millionths of the account's
	// currency; they make the cost that a turn shows.
	ClaudeInputPrice  int64 `env:"CLAUDE_INPUT_PRICE" envDefault:"1000000"`
	ClaudeOutputPrice int64 `env:"CLAUDE_OUTPUT_PRICE" envDefault:"5000000"`
}

// checkLive refuses what only a demo has.
func (r *Reader) checkLive() []error {
	var problems []error
	if strings.Contains(r.ClaudeKey, demoMark+"_") {
		problems = append(problems, errors.New("CLAUDE_API_KEY is a demo value"))
	}
	if r.ClaudeBaseURL != "" && (!strings.HasPrefix(r.ClaudeBaseURL, "https://") || isLoopback(r.ClaudeBaseURL)) {
		problems = append(problems, errors.New("CLAUDE_BASE_URL is not a real provider"))
	}
	return problems
}

// checkForms judges what every environment needs to be well formed.
func (r *Reader) checkForms() []error {
	if r.ClaudeTimeout <= 0 || r.ClaudeTimeout > 10*time.Second {
		return []error{errors.New("CLAUDE_TIMEOUT must lie between 0 and 10 seconds: a customer waits")}
	}
	return nil
}

// openModel is the client of the model; nil when there is none.
func (r *Reader) openModel() *claude.Client {
	if r.ClaudeKey == "" {
		return nil
	}
	return claude.New(claude.Config{
		BaseURL: r.ClaudeBaseURL, Key: r.ClaudeKey, Model: r.ClaudeModel, Timeout: r.ClaudeTimeout,
		InputPrice: r.ClaudeInputPrice, OutputPrice: r.ClaudeOutputPrice,
	})
}
