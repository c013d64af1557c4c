// Command matcher answers questions about network policies with kube-network-policies of sigs.k8s.io, so that Plimsoll's engine
// is held against a reading of the specification that is not its authors'.
//
// Each line of its input is a cluster with questions, each line of its output their answers, in order:
//
//	{"objects": [...], "questions": [{"from": "10.0.0.1", "to": "10.0.0.2", "protocol": "TCP", "port": 80}]}
//	[true]
//
// Objects are those of the API, of the kinds that cluster.go names. Whoever has no pod's address stands outside the cluster.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"os"

	"github.com/sirupsen/logrus"
)

// request is a line of the input.
type request struct {
	Objects   []json.RawMessage
	Questions []question
}

// question asks whether a connection may be opened.
type question struct {
	// The addresses of both ends.
	From, To string
	// TCP, UDP or SCTP.
	Protocol string
	// The port of the destination.
	Port int
}

func main() {
	// The plugin that tells of pods before the API server does says that it was made; it is never started.
	logrus.SetLevel(logrus.WarnLevel)
	output := bufio.NewWriter(os.Stdout)
	if err := answerAll(json.NewDecoder(bufio.NewReader(os.Stdin)), output); err != nil {
		log.Fatal(err)
	}
}

func answerAll(input *json.Decoder, output *bufio.Writer) error {
	matcher, err := newMatcher()
	if err != nil {
		return err
	}
	answers := json.NewEncoder(output)
	for {
		var asked request
		if err := input.Decode(&asked); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := matcher.load(asked.Objects); err != nil {
			return err
		}
		allowed := make([]bool, len(asked.Questions))
		for place, question := range asked.Questions {
			allowed[place] = matcher.allows(question)
		}
		if err := answers.Encode(allowed); err != nil {
			return err
		}
		if err := output.Flush(); err != nil {
			return err
		}
	}
}
