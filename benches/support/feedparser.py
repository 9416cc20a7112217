"""Reads documents with feedparser: on stdin their length in decimal and a line end, then their bytes, again and again.

Prints the seconds of CPU that reading all of them took.
"""
import sys
import time

# this file has the name of the module that is wanted
del sys.path[0]
import feedparser

documents = []
while line := sys.stdin.buffer.readline():
    documents.append(sys.stdin.buffer.read(int(line)))
headers = {"content-location": "https://news.example/rss", "content-type": "application/xml"}
start = time.process_time()
for document in documents:
    feedparser.parse(document, response_headers=headers)
print(time.process_time() - start)
