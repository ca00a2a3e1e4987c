/** The command line: every sub-command, its options and examples. Each sub-command's code is loaded when it runs. */
import { Command, CommanderError } from 'commander'
import { EXIT, report } from './fail.ts'
import {
  collect,
  collectConfig,
  collectNames,
  collectShift,
  integer,
  number,
  parseShape,
  parseShares,
  parseSize,
  word,
  words,
} from './options.ts'

const examples = (...lines: readonly string[]) => `\nExamples:\n${lines.map(l => `  $ diorama ${l}`).join('\n')}\n`

/** Options that decide what a frame looks like. */
function frameOptions(command: Command): Command {
  return command
    .option('--seed <n>', 'seed of all randomness; 0 is a seed', integer('--seed', 0), 0)
    .option('--size <WxH>', "picture size in pixels (default: the world's own, 256x256)", parseSize)
    .option(
      '--camera <file>',
      'a calibration: OpenCV FileStorage (YAML, XML) or ROS camera_info; twice for the two files of a stereo pair',
      collect,
      [],
    )
    .option('--frames <n>', "frames a clip (default: the world's own)", integer('--frames', 1, 100_000))
    .option('--spp <n>', 'rays a pixel; overrides the quality', integer('--spp', 1, 65536))
    .option('--bounces <n>', 'longest light path; overrides the quality', integer('--bounces', 1, 64))
    .option(
      '--filter-glossy <density>',
      "blur the light that mirrors and glass throw on other things, for less noise; 1 is Blender's default",
      number('--filter-glossy', 0, 1000),
      0,
    )
    .option(
      '--quality <name>',
      'draft (16 spp, 5 bounces), standard (64, 8) or high (256, 12)',
      word('--quality', ['draft', 'standard', 'high']),
      'standard',
    )
    .option('--no-denoise', 'keep the noise in rgb and rgb-linear')
    .option(
      '--view <name>',
      'how light becomes rgb: filmic, standard or neutral',
      word('--view', ['filmic', 'standard', 'neutral']),
      'filmic',
    )
    .option('--exposure <stops>', 'brighten or darken rgb', number('--exposure', -20, 20), 0)
    .option(
      '--sensor <list>',
      "what rgb goes through, with commas between: exposure, vignetting, red, blue, electrons, read, full, jpeg; or none (default: the world's own)",
    )
    .option('--assets <path>', 'a folder, a file or a manifest of objects and HDR pictures; may be repeated', collect, [])
    .option(
      '--vary <list>',
      'lights, textures, pose, camera, distractors: drawn anew for each clip, from as it is to far from it',
      collectNames,
      [],
    )
    .option('--shift <list>', 'name=distance, 0 to 1: each of these exactly so far from what the world has', collectShift, {})
    .option('--config <key=value>', 'a setting of the world (see: diorama worlds <name>); may be repeated', collectConfig, {})
}

function build(setCode: (code: number) => void): Command {
  const program = new Command('diorama')
    .description('Small worlds that make exactly labelled, photoreal, physically simulated data sets: the same bytes for the same seed.')
    .version('0.1.0', '-V, --version', 'print the version')
    .option('--debug', 'print stack traces with errors')
    .showHelpAfterError('(add --help for options and examples)')
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText(
      'after',
      `${examples('generate tabletop --out out/first', 'worlds', 'validate out/first')}\nExit codes: 0 done, 1 something was found wrong (quarantined clips, an invalid data set), 2 usage, 75 run the same command again.\n`,
    )

  program
    .command('worlds [name]')
    .description('list the built-in worlds, or the settings of one')
    .addHelpText('after', examples('worlds', 'worlds tabletop'))
    .action(async name => setCode(await (await import('./commands/worlds.ts')).worlds(name)))

  program
    .command('new')
    .description('begin something of your own')
    .command('world <name>')
    .description('write <name>.ts here: a world that runs, to be changed')
    .addHelpText('after', examples('new world my-kitchen'))
    .action(async name => setCode((await import('./commands/new-world.ts')).newWorld(name)))

  frameOptions(program.command('generate <world>'))
    .description('make a data set from a world (a name, a .ts file) or a scene (.json)')
    .option('--count <n>', 'clips', integer('--count', 1, 100_000_000), 1)
    .option('--labels <list>', 'labels or presets with commas between', 'kubric')
    .option(
      '--format <list>',
      'folder, webdataset, coco, movi (Kubric’s folders), nerf (transforms.json), bop (with --labels bop); commas between',
      words('--format', ['folder', 'webdataset', 'coco', 'movi', 'nerf', 'bop']),
      ['folder'],
    )
    .option(
      '--renderer <name>',
      "who makes rgb: diorama, or cycles (Blender's, through a Python with bpy; labels stay ours)",
      word('--renderer', ['diorama', 'cycles']),
      'diorama',
    )
    .option('--cycles-python <file>', 'a Python that has bpy (default: $DIORAMA_CYCLES_PYTHON, python3)')
    .option(
      '--denoiser <name>',
      'own (deterministic, everywhere), or oidn (Open Image Denoise, through its program oidnDenoise)',
      word('--denoiser', ['own', 'oidn']),
      'own',
    )
    .option('--oidn <file>', 'oidnDenoise (default: $DIORAMA_OIDN, oidnDenoise on the PATH)')
    .option('--workers <n>', 'threads (default: one a CPU, as memory allows)', integer('--workers', 1, 1024))
    .option('--shard <i/n>', 'make every n-th clip from i on, or auto under Kubernetes, AWS Batch, SLURM, Cloud Run')
    .option('--out <folder>', 'a new or empty folder (default: out/<world>-<seed>)')
    .option('--resume', 'go on with an interrupted run in --out')
    .option('--timeout <seconds>', 'for one frame; twice too long fails the shard', integer('--timeout', 1), 3600)
    .addHelpText(
      'after',
      examples(
        'generate movi-a --count 2 --seed 7 --size 256x256 --frames 24 --spp 64 --out out/movi-a',
        'generate tabletop --assets parts/manifest.json --count 10 --format folder,coco --out out/parts',
        'generate examples/my-world.ts --config count=5 --quality draft --out out/mine',
        'generate tabletop --camera left.yaml --camera right.yaml --out out/stereo',
        'generate movi-c --vary lights,textures --out out/randomised         # domain randomisation',
        'generate movi-c --shift lighting=0.5,texture=1 --out out/shifted    # a test set at a known distance',
        'generate movi-a --sensor electrons=2000,read=5,vignetting=1,jpeg=85 --out out/noisy',
        'generate movi-a --renderer cycles --cycles-python blender/bin/python --out out/cycles',
        'generate movi-a --count 1000 --shard 0/4 --out out/shard-0     # then: diorama merge',
        'generate movi-a --count 2 --seed 7 --out out/movi-a --resume   # after a kill, the same command and --resume',
      ),
    )
    .action(async (world, options) => setCode(await (await import('./commands/generate.ts')).generateCommand(world, options)))

  frameOptions(program.command('render <world>'))
    .description('render one frame to a PNG')
    .option('--index <n>', 'which clip', integer('--index', 0), 0)
    .option('--frame <n>', 'which frame of it', integer('--frame', 0), 0)
    .option('--out <file>', 'a PNG file', 'frame.png')
    .addHelpText(
      'after',
      examples('render tabletop --seed 3 --size 640x480 --out table.png', 'render scene.json --frame 12 --quality high'),
    )
    .action(async (world, options) => setCode(await (await import('./commands/render.ts')).renderCommand(world, options)))

  frameOptions(program.command('export <world>'))
    .description('write a clip as binary glTF: meshes, materials, skins, cameras, lights and every movement, for other programs')
    .option('--index <n>', 'which clip', integer('--index', 0), 0)
    .option('--out <file>', 'a GLB file', 'scene.glb')
    .addHelpText('after', examples('export movi-a --seed 7 --out scene.glb', 'export scene.json --out scene.glb'))
    .action(async (world, options) => setCode(await (await import('./commands/export.ts')).exportCommand(world, options)))

  program
    .command('inspect <path>')
    .description('say what is in a data set, a sample or a scene file')
    .option('--picture <file>', 'of a sample: also draw every label of one frame to a PNG or an HTML page')
    .option('--frame <n>', 'the frame to draw (default: the middle one)', integer('--frame', 0))
    .addHelpText('after', examples('inspect out/movi-a', 'inspect out/movi-a/samples/000000 --picture labels.png', 'inspect scene.json'))
    .action(async (path, options) => setCode(await (await import('./commands/inspect.ts')).inspect(path, options)))

  const assets = program.command('assets').description('look at and collect meshes for --assets')
  assets
    .command('inspect <path>')
    .description('scale, origin, watertightness, mass and hulls of every object')
    .option('--units <unit>', 'unit of the file, where it does not say: m, cm, mm, in, ft')
    .option('--up <axis>', 'the axis that points up: y or z', word('--up', ['y', 'z']))
    .addHelpText('after', examples('assets inspect part.stl --units mm', 'assets inspect manifest.json'))
    .action(async (path, options) => setCode(await (await import('./commands/assets.ts')).inspectAssets(path, options)))
  assets
    .command('add <file>')
    .description('add a mesh to a manifest')
    .option('--units <unit>', 'unit of the file: m, cm, mm, in, ft')
    .option('--up <axis>', 'the axis that points up: y or z', word('--up', ['y', 'z']))
    .option('--id <name>', 'id of the object (default: the file name)')
    .option('--license <text>', 'licence of the mesh')
    .option('--texture <file>', 'base colour picture')
    .option('--collision <file>', 'OBJ with one convex hull a group')
    .option('--manifest <file>', 'the manifest to make or extend', 'manifest.json')
    .addHelpText('after', examples('assets add part.stl --units mm', 'assets add mug.glb --id mug --manifest assets/manifest.json'))
    .action(async (file, options) => setCode(await (await import('./commands/assets.ts')).addAsset(file, options)))

  program
    .command('validate <folder>')
    .description('check hashes, schema and geometry of a data set, or the geometry of folders in Kubric’s MOVi form')
    .option('--page <file>', 'also write an HTML page with the errors of every check')
    .addHelpText('after', examples('validate out/movi-a', 'validate out/movi-a --page report.html', 'validate kubric/output'))
    .action(async (folder, options) => setCode(await (await import('./commands/validate.ts')).validateCommand(folder, options)))

  program
    .command('regenerate <sample>')
    .description('make a sample (its folder or sample.json) again and compare the hashes')
    .option('--assets <path>', 'the assets it was made with; may be repeated', collect, [])
    .option('--world <file>', 'the world file, when the world is not built in')
    .addHelpText(
      'after',
      examples('regenerate out/movi-a/samples/000001', 'regenerate out/parts/samples/000000/sample.json --assets parts/manifest.json'),
    )
    .action(async (sample, options) => setCode(await (await import('./commands/regenerate.ts')).regenerateCommand(sample, options)))

  program
    .command('merge <shards...>')
    .description('join the shards of one run; the result equals one run byte for byte')
    .requiredOption('--out <folder>', 'a new or empty folder')
    .addHelpText('after', examples('merge out/shard-0 out/shard-1 out/shard-2 out/shard-3 --out out/all'))
    .action(async (shards, options) => setCode(await (await import('./commands/merge.ts')).mergeCommand(shards, options)))

  program
    .command('diagnose <model>')
    .description('a report on a classifier (.onnx, or .safetensors with --layer): expressivity, learning, generalisation, explanation')
    .requiredOption('--data <file>', 'samples that it was not trained on: .csv or .csv.gz (a sample a row), .npz (x and y)')
    .option('--train <file>', 'samples that it was trained on: for the true gap and the bounds')
    .option('--initial <file>', 'the same network before training: for how far its tangent kernel moved')
    .option('--prior <file>', 'the same network trained on samples that are not in --train: for a PAC-Bayes bound that says something')
    .option('--layer <file>', 'a .ts module whose default export is the layer that a checkpoint is of')
    .option('--target <column>', 'the label in a CSV: a name, or a number from 0 (default: label, target, class, y or the last)')
    .option('--scale <k>', 'divide the samples by this, 255 for bytes', number('--scale', 1e-9, 1e9), 1)
    .option('--shape <sizes>', 'shape of one sample where the model does not say, such as 1x28x28', parseShape)
    .option('--picture <WxH>', 'how a sample is seen as a grey picture, such as 8x8', parseSize)
    .option('--seed <n>', 'seed of all randomness', integer('--seed', 0), 0)
    .option('--out <folder>', 'report.html and report.json (default: out/diagnose/<model>)')
    .addHelpText(
      'after',
      examples(
        'diagnose digits.onnx --data test.csv --train train.csv --scale 255',
        'diagnose out/run.safetensors --layer model.ts --data test.npz --picture 28x28',
      ),
    )
    .action(async (model, options) => setCode(await (await import('./commands/diagnose.ts')).diagnoseCommand(model, options)))

  const lab = program.command('lab').description('run experiments on the learning half')
  lab
    .command('list')
    .description('name the experiments')
    .action(async () => setCode(await (await import('./commands/lab.ts')).labList()))
  lab
    .command('run <name> [parts...]')
    .description('run an experiment, or parts of it: claims with 95 % intervals, and a page; a run that was stopped goes on')
    .option('--quick', 'few seeds and small sizes, at most 90 s, computed afresh')
    .option('--json <file>', 'write the claims as JSON')
    .option('--out <folder>', 'records and page (default: out/lab/<name>)')
    .addHelpText('after', examples('lab run theory --quick', 'lab run theory double-descent --json theory.json'))
    .action(async (name, parts, options) => setCode(await (await import('./commands/lab.ts')).labRun(name, parts, options)))

  const agent = program.command('agent').description('the common model of the decision maker')
  agent
    .command('glossary [discipline]')
    .description('its terms, and their names in psychology, ai, economics, control, neuroscience; or in one of them')
    .option('--json', 'all of it as JSON')
    .addHelpText('after', examples('agent glossary', 'agent glossary control'))
    .action(async (discipline, options) => setCode(await (await import('./commands/agent.ts')).agentGlossary(discipline, options)))

  program
    .command('tune <module>')
    .description(
      'try settings on a narrow model, stop the worse ones, train the wide model with the best (µTransfer); a run that was stopped goes on',
    )
    .option('--trials <n>', 'draw so many settings (default: all combinations of the lists)', integer('--trials', 1, 100_000))
    .option('--workers <n>', 'trials at a time, each a process of one thread', integer('--workers', 1, 1024), 1)
    .option('--seed <n>', 'seed of all randomness', integer('--seed', 0), 0)
    .option('--out <folder>', 'records, checkpoints, report.html and report.json (default: out/tune/<module>)')
    .addHelpText('after', examples('tune examples/tune.ts --workers 2', 'tune search.ts --trials 40 --out out/search'))
    .action(async (module, options) => setCode(await (await import('./commands/tune.ts')).tuneCommand(module, options)))

  program
    .command('mup <base> <delta> <target>')
    .description(
      'what muP says of each tensor of a PyTorch model: init, learning rate and decay as factors on those of the base (.safetensors files)',
    )
    .option('--optimizer <name>', 'adam, adamw or sgd', word('--optimizer', ['adam', 'adamw', 'sgd']), 'adamw')
    .option('--lr <rate>', 'the learning rate that was tuned on the base: rates instead of factors', number('--lr', 0, 1e6))
    .option('--wd <decay>', 'and the weight decay', number('--wd', 0, 1e6))
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'mup base.safetensors delta.safetensors target.safetensors --lr 0.001',
        'mup d64.safetensors d96.safetensors d1024.safetensors --json > groups.json',
      ),
    )
    .action(async (base, delta, target, options) =>
      setCode(await (await import('./commands/mup.ts')).mupCommand({ base, delta, target }, options)),
    )

  const soup = program.command('soup').description('average checkpoints that were fine-tuned from the same weights (model soups)')
  soup
    .command('mix <checkpoints...>', { isDefault: true })
    .description('.safetensors, .pt or .json (an index of shards) files to one .safetensors, with a report beside it')
    .requiredOption('-o, --out <file>', 'the soup, .safetensors; its report goes beside it as .json and .html')
    .option(
      '--recipe <name>',
      'uniform, greedy, learned or wise-ft (default: greedy with --eval, else uniform)',
      word('--recipe', ['uniform', 'greedy', 'learned', 'wise-ft']),
    )
    .option(
      '--eval <command|module>',
      'held-out score: a command that is given the path of a checkpoint ({} or last) and prints a number (higher is better) or JSON; or a .ts module',
    )
    .option('--accept <rule>', 'greedy takes what is as good (ge, the paper) or better (gt)', word('--accept', ['ge', 'gt']), 'ge')
    .option('--alpha <x>', 'wise-ft: how far from the first to the second (default: the best of 11 by --eval)', number('--alpha', 0, 1))
    .option('--by-array', 'learned: coefficients for each array')
    .addHelpText(
      'after',
      examples(
        "soup runs/*.safetensors --recipe greedy --eval 'python evaluate.py --weights {}' -o soup.safetensors",
        'soup a.pt b.pt c.pt -o mean.safetensors',
        'soup zero-shot.safetensors tuned.safetensors --recipe wise-ft --alpha 0.5 -o robust.safetensors',
        'soup runs/*.safetensors --recipe learned --eval task.ts -o learned.safetensors',
      ),
    )
    .action(async (paths, options) => setCode(await (await import('./commands/soup.ts')).soupCommand(paths, options)))
  soup
    .command('barrier <a> <b>')
    .description('held-out scores along the line between two checkpoints, and how far they fall below it')
    .requiredOption('--eval <command|module>', 'as above')
    .option('--points <n>', 'points on the line, ends included', integer('--points', 3, 1001), 11)
    .option('-o, --out <file>', 'the page; a .json goes beside it', 'barrier.html')
    .addHelpText('after', examples("soup barrier a.safetensors b.safetensors --eval 'python evaluate.py' -o barrier.html"))
    .action(async (a, b, options) => setCode(await (await import('./commands/soup.ts')).soupBarrier(a, b, options)))

  const tabular = program.command('tabular').description('models of tables with numbers and categories')
  tabular
    .command('fit <data>')
    .description('fit a model to a table (.csv, .tsv, .jsonl, .parquet; .gz too): model.onnx with its preprocessing inside, and a report')
    .requiredOption('--target <column>', 'the column to predict')
    .option('--out <folder>', 'model.onnx, report.html, report.json (default: out/tabular/<data>)')
    .option(
      '--task <kind>',
      'regression or classification (default: as the target looks)',
      word('--task', ['regression', 'classification']),
    )
    .option('--numbers <columns>', 'columns that are numbers, commas between', collectNames, [])
    .option('--categories <columns>', 'columns that are categories', collectNames, [])
    .option('--ignore <columns>', 'columns to leave out', collectNames, [])
    .option('--embedding <name>', 'of numbers: none, L, LR, Q-LR, T-LR, PLR, PLR(lite), AutoDis and others', 'T-LR')
    .option('--ple-version <name>', 'of Q- and T- embeddings with a linear layer: A or B', word('--ple-version', ['A', 'B']), 'A')
    .option('--backbone <name>', 'mlp, resnet or transformer', word('--backbone', ['mlp', 'resnet', 'transformer']), 'mlp')
    .option('--scaling <name>', 'of numbers: quantile, standard or none', word('--scaling', ['quantile', 'standard', 'none']), 'quantile')
    .option('--split <column>', 'a column that says train, validation or test (default: rows are drawn)')
    .option('--shares <v,t>', 'shares of validation and test rows that are drawn (default: 0.16,0.2)', parseShares)
    .option('--seeds <n>', 'models of an ensemble, averaged', integer('--seeds', 1, 100), 1)
    .option('--tune <n>', 'settings to try beside the default ones', integer('--tune', 0, 1000), 0)
    .option('--epochs <n>', 'most passes over the rows', integer('--epochs', 1, 100_000), 400)
    .option('--patience <n>', 'stop after so many epochs without a better validation loss', integer('--patience', 1, 10_000), 16)
    .option('--lr <rate>', 'learning rate (default: 0.001; transformer 0.0003)', number('--lr', 1e-8, 10))
    .option('--batch <rows>', 'rows of a step (default: 64 to 512, by the rows there are)', integer('--batch', 1, 65536))
    .option('--seed <n>', 'seed of all randomness', integer('--seed', 0), 0)
    .option('--threads <n>', 'threads of the engine; other numbers give other bits', integer('--threads', 1, 64), 1)
    .addHelpText(
      'after',
      examples(
        'tabular fit houses.csv --target price --out out/houses',
        'tabular fit people.parquet --target income --categories zip --ignore id --seeds 5 --tune 10',
      ),
    )
    .action(async (data, options) => setCode(await (await import('./commands/tabular.ts')).tabularFit(data, options)))
  tabular
    .command('predict <model> <data>')
    .description('predict the rows of a table with a fitted model: its folder, or the .onnx file alone')
    .option('--out <file>', 'a CSV, or - for stdout (default: <data>.predictions.csv)')
    .addHelpText('after', examples('tabular predict out/houses new.csv', 'tabular predict out/houses/model.onnx new.csv --out -'))
    .action(async (model, data, options) => setCode(await (await import('./commands/tabular.ts')).tabularPredict(model, data, options)))

  const language = program.command('language').description('language models of a text: train, evaluate, generate, choose')
  language
    .command('texts')
    .description('name the texts that come with packages')
    .action(async () => setCode(await (await import('./commands/language.ts')).languageTexts()))
  language
    .command('models')
    .description('name the kinds of models with their settings')
    .action(async () => setCode(await (await import('./commands/language.ts')).languageModels()))
  language
    .command('train')
    .description('train a model of a text into a folder; a run that was stopped goes on')
    .requiredOption('--text <text>', 'a file, a folder, or one of language texts')
    .option('--model <kind>', 'one of language models', 'transformer')
    .option('--config <key=value>', 'a setting of the model; may be repeated', collectConfig, {})
    .option('--tokens <kind>', 'char, or bpe: byte pairs learnt from the text', word('--tokens', ['char', 'bpe']), 'char')
    .option('--vocabulary <n>', 'tokens of --tokens bpe', integer('--vocabulary', 256, 65536), 1024)
    .option('--time <n>', 'tokens of a window', integer('--time', 2, 65536), 128)
    .option('--batch <n>', 'windows of a step', integer('--batch', 1, 65536), 8)
    .option('--updates <n>', 'steps of training', integer('--updates', 1), 2000)
    .option('--lr <rate>', 'highest learning rate', number('--lr', 1e-8, 10), 3e-3)
    .option('--weight-decay <rate>', 'decoupled, of weights alone', number('--weight-decay', 0, 10), 0.1)
    .option('--shares <validation,test>', 'shares of the text that are held out', parseShares, [0.05, 0.05])
    .option('--seed <n>', 'seed of all randomness', integer('--seed', 0), 0)
    .option('-o, --out <folder>', 'model.safetensors, language.json, log.csv and report.html', 'out/language')
    .addHelpText(
      'after',
      examples(
        'language train --text moby-dick -o out/moby-dick',
        'language train --text notes/ --tokens bpe --config d=256 --config layers=6 --updates 5000 -o out/notes',
      ),
    )
    .action(async options => setCode(await (await import('./commands/language.ts')).languageTrain(options)))
  language
    .command('evaluate <folder>')
    .description('bits a token, byte and character of held-out text')
    .option('--text <text>', "a text to measure on, all of it (default: the held-out part of the model's own)")
    .option('--stride <n>', 'move windows on by so many tokens: fewer give each token more context', integer('--stride', 1))
    .addHelpText('after', examples('language evaluate out/moby-dick', 'language evaluate out/moby-dick --text emma --stride 16'))
    .action(async (folder, options) => setCode(await (await import('./commands/language.ts')).languageEvaluate(folder, options)))
  language
    .command('generate <folder>')
    .description('write on after a prompt')
    .option('--prompt <text>', 'what to write on after; \\n is a line end', '\\n')
    .option('--count <n>', 'tokens to write', integer('--count', 1, 1_000_000), 300)
    .option('--temperature <t>', '0 takes the likeliest token, 1 draws as the model says', number('--temperature', 0, 100), 0.8)
    .option('--top-k <k>', 'draw from the k likeliest tokens only', integer('--top-k', 1))
    .option('--top-p <p>', 'draw from the fewest tokens that have this much probability together', number('--top-p', 1e-6, 1))
    .option('--seed <n>', 'the same seed writes the same', integer('--seed', 0), 0)
    .option('-o, --out <file>', 'a file (default: stdout, as it comes)')
    .addHelpText('after', examples('language generate out/moby-dick --prompt "Call me " --count 500'))
    .action(async (folder, options) => setCode(await (await import('./commands/language.ts')).languageGenerate(folder, options)))
  language
    .command('choose <folder>')
    .description('multiple choice by likelihood, without training for it')
    .option('--items <file>', 'JSON lines {"context", "choices", "answer"}')
    .option(
      '--set <list>',
      'items made of held-out text: continuation (sentences), cloze (words), brackets (of source code); commas between',
      words('--set', ['continuation', 'cloze', 'brackets']),
      ['continuation', 'cloze'],
    )
    .option('--text <text>', "a text to make them of (default: the held-out part of the model's own)")
    .option('--count <n>', 'items of a set', integer('--count', 1, 100_000), 200)
    .option('--seed <n>', 'seed of the items', integer('--seed', 0), 0)
    .addHelpText(
      'after',
      examples(
        'language choose out/moby-dick',
        'language choose out/code --set brackets,cloze',
        'language choose out/moby-dick --items quiz.jsonl',
      ),
    )
    .action(async (folder, options) => setCode(await (await import('./commands/language.ts')).languageChoose(folder, options)))

  const gan = program.command('gan').description('generative adversarial nets: train, sample, measure')
  gan
    .command('recipes')
    .description('name the architectures with their losses')
    .action(async () => setCode(await (await import('./commands/gan.ts')).ganRecipes()))
  gan
    .command('train [data]')
    .description('train on labelled samples (.csv, .csv.gz, .npz; by default drawn digits) into a folder; a run that was stopped goes on')
    .option('--recipe <name>', 'one of gan recipes', 'mlp')
    .option('--classes', 'tell the nets the class, where the recipe may')
    .option('--shape <sizes>', 'shape of one sample, such as 1x28x28', parseShape)
    .option('--target <column>', 'the label in a CSV: a name, or a number from 0')
    .option('--scale <k>', 'divide the samples by this', number('--scale', 1e-9, 1e9), 1)
    .option('--updates <n>', 'updates of the generator', integer('--updates', 1), 4000)
    .option('--batch <n>', 'samples of a batch', integer('--batch', 2), 64)
    .option('--seed <n>', 'seed of all randomness', integer('--seed', 0), 0)
    .option('--out <folder>', 'gan.json, run.safetensors, log.csv and sheet.png', 'out/gan')
    .addHelpText('after', examples('gan train --classes', 'gan train digits.csv --shape 1x8x8 --recipe dcgan --out out/dcgan'))
    .action(async (data, options) => setCode(await (await import('./commands/gan.ts')).ganTrain(data, options)))
  gan
    .command('sample <folder>')
    .description('new samples of a trained GAN')
    .option('--count <n>', 'how many', integer('--count', 1), 100)
    .option('--seed <n>', 'the same seed gives the same samples', integer('--seed', 0), 0)
    .option('--label <k>', 'all of this class (default: the classes in turn)', integer('--label', 0))
    .option('--threshold <t>', 'draw latents beyond this again: better samples, less variety', number('--threshold', 0.02, 10))
    .option('--psi <x>', 'draw styles towards their mean by 1 − this (recipe style)', number('--psi', 0, 2))
    .option('--out <file>', '.npz (x in the range of the data, y) or .png (a sheet)', 'samples.npz')
    .addHelpText('after', examples('gan sample out/gan --count 1000 --out digits.npz', 'gan sample out/gan --label 7 --out sevens.png'))
    .action(async (folder, options) => setCode(await (await import('./commands/gan.ts')).ganSample(folder, options)))
  gan
    .command('evaluate <folder> [data]')
    .description('measure samples against real ones that it has not seen (by default drawn digits)')
    .option('--train <file>', 'the samples that it was trained on')
    .option('--target <column>', 'the label in a CSV: a name, or a number from 0')
    .option('--scale <k>', 'divide the samples by this', number('--scale', 1e-9, 1e9), 1)
    .option('--count <n>', 'samples that are measured', integer('--count', 20), 1000)
    .option('--seed <n>', 'seed of the samples and of the judge', integer('--seed', 0), 0)
    .addHelpText('after', examples('gan evaluate out/gan', 'gan evaluate out/dcgan test.csv --train digits.csv'))
    .action(async (folder, data, options) => setCode(await (await import('./commands/gan.ts')).ganEvaluate(folder, data, options)))

  gan
    .command('refine')
    .description('write a rendered data set anew in the look of unlabelled pictures; its labels stay')
    .requiredOption('--renders <set>', 'a data set with rgb')
    .requiredOption('--target <folder>', 'PNG or JPEG pictures of the look: of the same kind of scenes, a few hundred if there are')
    .requiredOption('--out <folder>', 'a new or empty folder')
    .option('--updates <n>', 'steps of training', integer('--updates', 1, 1_000_000), 1000)
    .option('--seed <n>', 'seed of all randomness', integer('--seed', 0), 0)
    .addHelpText('after', examples('gan refine --renders out/tabletop --target photographs --out out/refined'))
    .action(async options => setCode(await (await import('./commands/gan-refine.ts')).ganRefine(options)))

  for (const c of [
    ...program.commands,
    ...gan.commands,
    ...language.commands,
    ...assets.commands,
    ...lab.commands,
    ...agent.commands,
    ...soup.commands,
    ...tabular.commands,
  ])
    c.exitOverride()
  return program
}

/** Runs the command; returns its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = EXIT.ok
  process.stdout.on('error', e => {
    // A reader like `head` that closed early is no error.
    if ((e as NodeJS.ErrnoException).code === 'EPIPE') process.exit(code)
  })
  const program = build(c => {
    code = c
  })
  try {
    if (args.length === 0) {
      program.outputHelp()
      return EXIT.usage
    }
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (e) {
    if (e instanceof CommanderError) return e.exitCode === 0 ? EXIT.ok : EXIT.usage
    return report(e, args.includes('--debug'))
  }
}
